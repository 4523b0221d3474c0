# Solo5's spt tender: the image is a process of the host's, held in by seccomp.
PLATFORM_LINK_SCRIPT = platform/spt/image.ld
PLATFORM_SRC = $(addprefix platform/spt/, entry.S start.c machine.c net.c block.c) platform/solo5/boot.c $(ARCH)/random.c
