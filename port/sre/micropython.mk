# Regular expressions, the module `_sre`: for the port's library and for MicroPython's unix build alike.
SRE_MOD_DIR := $(USERMOD_DIR)
SRC_USERMOD_C += $(addprefix $(SRE_MOD_DIR)/, at.c chars.c check.c engine.c modsre.c pattern.c result.c scanner.c search.c set.c \
	stack.c sub.c text.c)
CFLAGS_USERMOD += -I$(SRE_MOD_DIR)
