# Solo5's spt tender: the image is a process of the host's, held in by seccomp.
PLATFORM_LINK_SCRIPT = spt/image.ld
PLATFORM_SRC = spt/entry.S spt/start.c spt/machine.c spt/net.c spt/block.c solo5/boot.c x86/random.c
