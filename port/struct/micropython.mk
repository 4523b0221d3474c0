# The module `struct`, in place of MicroPython's: for the port's library and for MicroPython's unix build alike.
STRUCT_MOD_DIR := $(USERMOD_DIR)
SRC_USERMOD_C += $(addprefix $(STRUCT_MOD_DIR)/, format.c half.c items.c modstruct.c struct.c)
CFLAGS_USERMOD += -I$(STRUCT_MOD_DIR) -DMICROPY_PY_STRUCT=0
