"""The net ring (HVT_FEATURE_RING_IO): frames without a hypercall each.

The guest fills entries and moves ent_tail; we carry them out, move ent_head, and post a commit for every
read. Counters run freely, an index is a counter modulo the ring's size. All of it lies in memory that the
guest can write at any time: every value is looked at once and believed only when it can be true.
"""

import struct

from host.tender.devices import AGAIN, EINVAL, OK, Net
from host.tender.errors import GuestFault
from host.tender.memory import HUGE_PAGE, Memory

SIZE = HUGE_PAGE  # of the memory above the guest's own
ENTRIES = 1024
MASK = ENTRIES - 1
WRITE, READ = 1, 2
M32 = 0xFFFFFFFF

# Words: 4 bytes each
ENT_TAIL, COM_HEAD = 0, 1  # written by the guest
ENT_HEAD, COM_TAIL, NEEDS_KICK = 16, 17, 18  # written by us
# Bytes
ENTRIES_AT, COMMITS_AT = 128, 32896
ENTRY = struct.Struct("<IIQII8x")
COMMIT = struct.Struct("<IiI4x")

KICK_PORT = 0x600


class NetRing:
    """The ring of all net devices."""

    def __init__(self, memory: Memory, nets: dict[int, Net]) -> None:
        self._memory = memory
        self._nets = nets
        self._ring = memory.ring
        # The guest runs concurrently. A word of such a view is accessed atomically; struct accesses single
        # bytes, and a counter from 255 to 256 could be read as 0.
        self._words = memory.ring.cast("I")
        self._head = 0
        self._commits = 0

    def wants_kicks(self, wanted: bool) -> None:
        """Set whether the guest must notify of new entries."""
        self._words[NEEDS_KICK] = wanted

    @property
    def waiting(self) -> int:
        """Return the number of entries to process."""
        waiting = (self._words[ENT_TAIL] - self._head) & M32
        if waiting > ENTRIES:
            raise GuestFault(f"the net ring's ent_tail is {waiting} entries ahead: it has {ENTRIES}")
        return waiting

    def serve(self) -> int:
        """Process the waiting entries. Returns how many."""
        count = self.waiting
        for _ in range(count):
            place = ENTRIES_AT + (self._head & MASK) * ENTRY.size
            self._carry_out(*ENTRY.unpack_from(self._ring, place))
            self._head = (self._head + 1) & M32
            self._words[ENT_HEAD] = self._head
        return count

    def _carry_out(self, operation: int, handle: int, address: int, length: int, number: int) -> None:
        net = self._nets.get(handle)
        if operation == WRITE:
            if net:  # an invalid handle is silently dropped, as in Solo5
                net.write(self._memory.readable(address, length))
        elif operation == READ:
            result, got = EINVAL, 0
            if net:
                frame = net.read(self._memory.writable(address, length))
                result, got = (AGAIN, 0) if frame is None else (OK, frame)
            self._commit(number, result, got)
        else:
            raise GuestFault(f"the net ring has an entry with the operation {operation}")

    def _commit(self, number: int, result: int, length: int) -> None:
        if (self._commits - self._words[COM_HEAD]) & M32 >= ENTRIES:
            raise GuestFault(f"the net ring has {ENTRIES} commits that the guest does not take")
        place = COMMITS_AT + (self._commits & MASK) * COMMIT.size
        COMMIT.pack_into(self._ring, place, number, result, length)
        self._commits = (self._commits + 1) & M32
        self._words[COM_TAIL] = self._commits
