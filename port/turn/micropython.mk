# Turns of fibers as a user C module: for the port's library and for MicroPython's unix build alike.
TURN_MOD_DIR := $(USERMOD_DIR)
SRC_USERMOD_C += $(addprefix $(TURN_MOD_DIR)/, turn.c modturn.c)
