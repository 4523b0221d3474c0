# The module `binascii`, in place of MicroPython's: for the port's library and for MicroPython's unix build alike.
BINASCII_MOD_DIR := $(USERMOD_DIR)
SRC_USERMOD_C += $(addprefix $(BINASCII_MOD_DIR)/, modbinascii.c base64.c mail.c)
CFLAGS_USERMOD += -I$(BINASCII_MOD_DIR) -DMICROPY_PY_BINASCII=0
