# The Mersenne Twister, the module `_random`: for the port's library and for MicroPython's unix build alike.
RANDOM_MOD_DIR := $(USERMOD_DIR)
SRC_USERMOD_C += $(addprefix $(RANDOM_MOD_DIR)/, modtwister.c twister.c)
CFLAGS_USERMOD += -I$(RANDOM_MOD_DIR)
