# The wire primitives as a user C module: for the port's library and for MicroPython's unix build alike.
WIRE_MOD_DIR := $(USERMOD_DIR)
SRC_USERMOD_C += $(addprefix $(WIRE_MOD_DIR)/, modwire.c segment.c header.c sum.c transmit.c)
CFLAGS_USERMOD += -I$(WIRE_MOD_DIR)
