# The module `zlib` over the library of that name (docs/adr/0023): for the port's library and MicroPython's unix build.
ZLIB_MOD_DIR := $(USERMOD_DIR)
SRC_USERMOD_C += $(addprefix $(ZLIB_MOD_DIR)/, modzlib.c compress.c decompress.c)
SRC_THIRDPARTY_C += $(addprefix lib/zlib/, adler32.c crc32.c deflate.c inffast.c inflate.c inftrees.c trees.c zutil.c)
# Z_SOLO: no C library below it. Z_TESTW=0: CRC-32 by bytes, with a table of 1 KiB in place of 40.
CFLAGS_USERMOD += -I$(ZLIB_MOD_DIR) -I$(TOP)/lib/zlib -DZ_SOLO -DHAVE_MEMCPY -DZ_TESTW=0
$(BUILD)/lib/zlib/%.o: CFLAGS += -include string.h -Wno-error
