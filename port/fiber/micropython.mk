# Fibers as a user C module: for the port's library and for MicroPython's unix build alike.
FIBER_MOD_DIR := $(USERMOD_DIR)
SRC_USERMOD_C += $(addprefix $(FIBER_MOD_DIR)/, modfiber.c modwaiters.c modguard.c fiber.c park.c wake.c queue.c frames.c)
SRC_USERMOD_LIB_ASM += $(FIBER_MOD_DIR)/switch_x86_64.S
CFLAGS_USERMOD += -I$(FIBER_MOD_DIR)
