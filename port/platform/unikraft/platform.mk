# Unikraft on QEMU: the build of Unikraft's compiles this folder's C against its own headers and links the image; here is
# what needs none of them.
PLATFORM_SRC = $(addprefix $(ARCH)/, random.c rtc.c wall.c) $(addprefix platform/unikraft/, arguments.c frame.c)
