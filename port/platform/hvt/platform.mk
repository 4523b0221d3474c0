# Solo5's hvt tender, and every tender that does as it does.
PLATFORM_LINK_SCRIPT = $(BUILD)/platform/hvt/image.ld
PLATFORM_SRC = \
	$(addprefix platform/hvt/, entry.S start.c pages.c clock.c console.c nets.c ring.c block.c) platform/solo5/boot.c \
	$(addprefix $(ARCH)/, ring.S descriptors.c traps.c paging.c kvmclock.c random.c)
