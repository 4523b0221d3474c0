"""The guest's memory. Every address from the guest becomes a view here, or a GuestFault."""

import ctypes
import mmap
import struct
from dataclasses import dataclass

from host.tender.errors import GuestFault

PAGE = 4096
HUGE_PAGE = 2 << 20

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Range:
    """Pages [start, end) with a protection such as "r--", "r-x" or "---"."""

    start: int
    end: int
    protection: str

    @property
    def readable(self) -> bool:
        """Whether the host may read it; code is data here."""
        return "r" in self.protection or "x" in self.protection

    @property
    def writable(self) -> bool:
        return "w" in self.protection


class Memory:
    """`size` bytes from guest-physical address 0, and `extra` bytes above for the net ring."""

    def __init__(self, size: int, extra: int = 0) -> None:
        self.size = size
        self.bytes = mmap.mmap(-1, size + extra, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        self.bytes.madvise(mmap.MADV_HUGEPAGE)  # a first touch then costs a tenth
        self.address = ctypes.addressof(ctypes.c_char.from_buffer(self.bytes))
        self.protected: list[Range] = []
        self._view = memoryview(self.bytes)

    def __len__(self) -> int:
        return len(self.bytes)

    def protect(self, part: Range) -> None:
        """Enforce a segment's protection, independent of the guest's page tables. Execution is left to
        those: whether the host could execute the guest's pages does not matter."""
        bits = mmap.PROT_READ * part.readable | mmap.PROT_WRITE * part.writable
        address, length = self.address + part.start, part.end - part.start
        if _libc.mprotect(ctypes.c_void_p(address), ctypes.c_size_t(length), bits) != 0:
            raise OSError(ctypes.get_errno(), "mprotect")
        self.protected.append(part)

    def readable(self, address: int, length: int) -> memoryview:
        """Return bytes that the guest points to. As in Solo5, the end must lie below the last byte."""
        return self._checked(address, length, False)

    def writable(self, address: int, length: int) -> memoryview:
        """Return bytes for the guest to receive data in."""
        return self._checked(address, length, True)

    def _checked(self, address: int, length: int, write: bool) -> memoryview:
        end = address + length
        if address < 0 or length < 0 or end >= self.size:
            raise GuestFault(f"the guest points at {length} bytes at {address:#x}, outside its memory")
        for part in self.protected:
            allowed = part.writable if write else part.readable
            if not allowed and address < part.end and part.start < end:
                what = f"the segment {part.start:#x}-{part.end:#x} ({part.protection})"
                raise GuestFault(f"the guest points at {length} bytes at {address:#x}, within {what}")
        return self._view[address:end]

    def unpack(self, layout: struct.Struct, address: int) -> tuple[int, ...]:
        """Unpack the structure at a guest's address."""
        return layout.unpack(self.readable(address, layout.size))

    def pack(self, layout: struct.Struct, address: int, *values: int | bytes) -> None:
        """Pack the structure at a guest's address."""
        layout.pack_into(self.writable(address, layout.size), 0, *values)

    def load(self, address: int, data: bytes) -> None:
        """Copy data of the tender into memory before the start."""
        self._view[address : address + len(data)] = data

    @property
    def ring(self) -> memoryview:
        """Return the part above the guest's own memory."""
        return self._view[self.size :]
