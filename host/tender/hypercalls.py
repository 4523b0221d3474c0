"""The hypercalls: a 32-bit `out` of the address of an argument structure to port 0x500 + n."""

import select
import struct
import sys
import time
from collections.abc import Callable

from host.tender.console import PUTS_SOME, Console
from host.tender.devices import AGAIN, EINVAL, OK, Block, Net
from host.tender.errors import GuestFault
from host.tender.memory import Memory

PORT = 0x500
WALLTIME, PUTS, POLL, BLOCK_WRITE, BLOCK_READ, NET_WRITE, NET_READ, HALT = range(1, 9)
NAMES = ("", "WALLTIME", "PUTS", "POLL", "BLOCK_WRITE", "BLOCK_READ", "NET_WRITE", "NET_READ", "HALT")
COOKIE_SIZE = 512
LONGEST_WAIT = 86_400.0  # seconds; a guest that has slept for a day reads its clock and sleeps again

NANOSECONDS = struct.Struct("<Q")
TEXT = struct.Struct("<QQ")
WAIT = struct.Struct("<Q")
READY = struct.Struct("<Qi")
TRANSFER = struct.Struct("<QQQQ")
FRAME = struct.Struct("<QQQ")
RESULT = struct.Struct("<i")
LENGTH_RESULT = struct.Struct("<Qi")
END = struct.Struct("<Qi")


class Halt(Exception):
    """The guest has ended, with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Hypercalls:
    """All eight hypercalls, over a memory and the attached devices by handle."""

    def __init__(self, memory: Memory, nets: dict[int, Net], blocks: dict[int, Block]) -> None:
        self._memory = memory
        self._nets = nets
        self._blocks = blocks
        self._handles = {net.fd: handle for handle, net in nets.items()}
        self._console = Console(sys.stdout.fileno())
        self._calls: dict[int, Callable[[int], None]] = {
            WALLTIME: self.walltime,
            PUTS: self.puts,
            PUTS_SOME: self.puts_some,
            POLL: self.poll,
            HALT: self.halt,
        }
        # As in Solo5: without such a device these calls do not exist.
        if nets:
            self._calls |= {NET_WRITE: self.net_write, NET_READ: self.net_read}
        if blocks:
            self._calls |= {BLOCK_WRITE: self.block_write, BLOCK_READ: self.block_read}

    def call(self, port: int, address: int) -> None:
        """Handle an `out`. Raises Halt at the end of the guest, GuestFault for an invalid request."""
        number = port - PORT
        call = self._calls.get(number)
        if call is None:
            name = NAMES[number] if 0 < number < len(NAMES) else "unknown"
            raise GuestFault(f"the guest made a call that is not there: port {port:#x} ({name})")
        call(address)

    def walltime(self, address: int) -> None:
        self._memory.pack(NANOSECONDS, address, time.time_ns())

    def puts(self, address: int) -> None:
        data, length = self._memory.unpack(TEXT, address)
        self._console.write(self._memory.readable(data, length))

    def puts_some(self, address: int) -> None:
        data, length = self._memory.unpack(TEXT, address)
        taken = self._console.offer(self._memory.readable(data, length))
        self._memory.pack(NANOSECONDS, address + NANOSECONDS.size, taken)

    def poll(self, address: int) -> None:
        (timeout,) = self._memory.unpack(WAIT, address)
        # select() has a resolution of microseconds, epoll_wait() of milliseconds.
        ready, _, _ = select.select(self._handles, self._console.full, (), min(timeout / 1e9, LONGEST_WAIT))
        handles = sum(1 << self._handles[fd] for fd in ready)
        self._memory.pack(READY, address + WAIT.size, handles, len(ready))

    def block_write(self, address: int) -> None:
        handle, offset, data, length = self._memory.unpack(TRANSFER, address)
        block, result = self._blocks.get(handle), EINVAL
        if block and block.has(offset, length):
            result = block.write(offset, self._memory.readable(data, length))
        self._memory.pack(RESULT, address + TRANSFER.size, result)

    def block_read(self, address: int) -> None:
        handle, offset, data, length = self._memory.unpack(TRANSFER, address)
        block, result = self._blocks.get(handle), EINVAL
        if block and block.has(offset, length):
            result = block.read(offset, self._memory.writable(data, length))
        self._memory.pack(RESULT, address + TRANSFER.size, result)

    def net_write(self, address: int) -> None:
        handle, data, length = self._memory.unpack(FRAME, address)
        net = self._nets.get(handle)
        result = net.write(self._memory.readable(data, length)) if net else EINVAL
        self._memory.pack(RESULT, address + FRAME.size, result)

    def net_read(self, address: int) -> None:
        handle, data, capacity = self._memory.unpack(FRAME, address)
        net, got, result = self._nets.get(handle), None, EINVAL
        if net:
            got = net.read(self._memory.writable(data, capacity))
            result = AGAIN if got is None else OK
        self._memory.pack(LENGTH_RESULT, address + 16, capacity if got is None else got, result)

    def halt(self, address: int) -> None:
        cookie, status = self._memory.unpack(END, address)
        if cookie:
            self._memory.readable(cookie, COOKIE_SIZE)
        raise Halt(status)
