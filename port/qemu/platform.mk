# QEMU's microvm and q35 machines.
PLATFORM_LINK_SCRIPT = qemu/image.ld
PLATFORM_SRC = \
	qemu/entry.S qemu/start.c qemu/pvh.c qemu/serial.c qemu/exit.c qemu/apic.c qemu/clock.c qemu/devices.c \
	qemu/console.c qemu/entropy.c qemu/net.c qemu/block.c qemu/pages.c \
	virtio/mmio.c virtio/virtqueue.c virtio/console.c virtio/console_ports.c virtio/entropy.c virtio/block.c virtio/net.c virtio/net_transmit.c \
	x86/ring.S x86/descriptors.c x86/traps.c x86/paging.c x86/kvmclock.c x86/random.c x86/rtc.c x86/wall.c
