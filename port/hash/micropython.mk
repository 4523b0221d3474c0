# The hash functions, the module `_hashes`: for the port's library and for MicroPython's unix build alike.
HASH_MOD_DIR := $(USERMOD_DIR)
SRC_USERMOD_C += $(addprefix $(HASH_MOD_DIR)/, modhashes.c blake2.c hash.c keccak.c md5.c sha1.c sha256.c sha512.c)
CFLAGS_USERMOD += -I$(HASH_MOD_DIR)
