# QEMU's microvm machine.
PLATFORM_LINK_SCRIPT = platform/qemu/image.ld
PLATFORM_SRC = \
	$(addprefix platform/qemu/, entry.S start.c pvh.c serial.c exit.c apic.c clock.c pages.c \
		devices.c probe.c poll.c console.c entropy.c net.c block.c) \
	$(addprefix virtio/, virtio.c mmio.c virtqueue.c console.c console_ports.c entropy.c block.c net.c net_transmit.c) \
	$(addprefix $(ARCH)/, ring.S descriptors.c traps.c paging.c kvmclock.c random.c rtc.c wall.c)
