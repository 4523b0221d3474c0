# What fibers need of a platform, for MicroPython's unix build (fiber.h), and what its tests need.
UNIX_MOD_DIR := $(USERMOD_DIR)
SRC_USERMOD_C += $(addprefix $(UNIX_MOD_DIR)/, stack_mmap.c gc_hook.c nomem.c counted.c vm_counted.c calls.c getframe.c turn_virtual.c random.c)
CFLAGS_USERMOD += -I$(UNIX_MOD_DIR) -I$(UNIX_MOD_DIR)/../fiber -I$(UNIX_MOD_DIR)/..
# glibc takes stack by the page where the port's own libc takes words (printf 5 KiB, an import 16 KiB).
CFLAGS_USERMOD += -DFIBER_STACK_MARGIN=32768 -DFIBER_EXCHANGE_STACK=16384
# gc_collect() of the unix port has no hook; see gc_hook.c.
LDFLAGS_USERMOD += -Wl,--wrap=gc_collect_end
# see nomem.c
LDFLAGS_USERMOD += -Wl,--wrap=gc_alloc -Wl,--wrap=gc_realloc
# see counted.c
LDFLAGS_USERMOD += -Wl,--wrap=calls_mp_execute_bytecode
