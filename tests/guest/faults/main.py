# faults - every way to violate the processor's protection; test_faults.py calls the functions by name.
#
# No C is needed for it. uctypes reaches any address, and the interpreter calls any address when an object of
# the type of `len` is forged. Machine code to call is in the text already: the viper emitter puts integers
# there unchanged.

import struct
import sys

import mkernel
import uctypes
from micropython import const
from mkernel import scheduler

TEXT = 0x100000  # where images are linked (port/platform/qemu/image.ld)
STEP = 0x20000  # looked through at once

# Up to six bytes of machine code, the first one lowest; the upper bytes make each one unique.
HLT = const(0x21_00_000000_00_F4)
MOV_CR3 = const(0x22_00_000000_D8_22_0F)  # mov %rax, %cr3
RDMSR = const(0x23_00_000000_32_0F)
IDIV = const(0x25_F9_F7_C9_31_99)  # cltd; xor %ecx, %ecx; idiv %ecx
UD2 = const(0x26_00_000000_0B_0F)
INT3 = const(0x27_00_000000_00_CC)
PUSHES = const(0x2A_00_000000_FD_EB_50)  # push %rax in a loop


@micropython.viper  # noqa: F821 (the compiler knows it)
def constants():
    n = HLT
    n = MOV_CR3
    n = RDMSR
    n = IDIV
    n = UD2
    n = INT3
    n = PUSHES  # noqa: F841


CODE = {
    "hlt": HLT,
    "mov_cr3": MOV_CR3,
    "rdmsr": RDMSR,
    "idiv": IDIV,
    "ud2": UD2,
    "int3": INT3,
    "pushes": PUSHES,
}


def words(address, count):
    return struct.unpack("<" + "Q" * count, uctypes.bytearray_at(address, 8 * count))


def call(address):
    """Call machine code, as a C function of one argument."""
    builtin = struct.pack("<QQ", words(id(len), 1)[0], address)  # its type, its code
    holder = [None]
    items = words(id(holder), 4)[3]
    uctypes.bytearray_at(items, 8)[:] = struct.pack("<Q", uctypes.addressof(builtin))
    holder[0](None)


def code(name):
    """Return the address of the machine code of that name; the text comes first in memory."""
    wanted = struct.pack("<Q", CODE[name])
    place = TEXT
    while (found := uctypes.bytes_at(place, STEP + 7).find(wanted)) < 0:
        place += STEP
    return place + found


def read(address):
    print(uctypes.bytearray_at(int(address), 1)[0])


def write(address):
    uctypes.bytearray_at(int(address), 1)[0] = 0xC3


def jump(address):
    call(int(address))


def run(name):
    call(code(name))


def write_constant():
    """Write into a frozen object."""
    write(id(len))


def run_data():
    """Execute a `ret` in the heap."""
    call(uctypes.addressof(bytearray(b"\xc3")))


def overflow_task():
    mkernel.spawn(run, "pushes").join()


class Overflowing:
    def deadline(self):
        run("pushes")


def overflow_start():
    """Overflow the loop's stack, on which the machine started."""
    scheduler.add_poller(Overflowing())
    mkernel.sleep(1)


def double_fault(stack):
    """Make the stack of ring 0 in the TSS absent: an exception cannot be delivered any more."""
    uctypes.bytearray_at(int(stack), 8)[:] = bytes(8)
    run("ud2")


def fault_unwritten():
    """Output that print() has not written yet precedes the report."""
    print("half a line", end="")
    run("ud2")


def fault_behind_a_full_console():
    """The report waits for a reader, and uses services of ring 0 meanwhile."""
    for n in range(10000):
        print("line", n, "." * 50)
    print("half a line", end="")
    run("ud2")


print("before")
globals()[sys.argv[1]](*sys.argv[2:])
print("after: nothing happened")
