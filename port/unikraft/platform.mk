# Unikraft on QEMU: the build of Unikraft's compiles this folder's C against its own headers and links the image; here is
# what needs none of them.
PLATFORM_SRC = x86/random.c x86/rtc.c x86/wall.c unikraft/arguments.c unikraft/frame.c
