# Solo5's hvt tender, and every tender that does as it does.
PLATFORM_LINK_SCRIPT = $(BUILD)/hvt/image.ld
PLATFORM_SRC = \
	hvt/entry.S hvt/start.c hvt/pages.c hvt/clock.c hvt/console.c hvt/nets.c hvt/ring.c hvt/block.c solo5/boot.c \
	x86/ring.S x86/descriptors.c x86/traps.c x86/paging.c x86/kvmclock.c x86/random.c
