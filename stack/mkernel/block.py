# block.py - a block device, for applications and for file systems:
# `os.mount(mkernel.Block("data"), "/data")`.

import _mkernel

_EIO = 5

# Operations of MicroPython's block protocol.
_COUNT, _SIZE = 4, 5


class Block:
    """The block device `name` of the manifest. OSError(ENODEV) lists the known names. A call blocks the
    whole machine until the device is done."""

    def __init__(self, name):
        self._device = device = _mkernel.Block(name)
        self.name = name
        self.sector_size = device.sector_size  # bytes
        self.capacity = device.capacity  # bytes
        self.read_into = device.read_into
        self.write = device.write

    def read(self, offset, length):
        """Read `length` bytes from `offset` on, both multiples of the sector size. ValueError beyond the
        end, OSError(EIO) when the device fails; likewise read_into(offset, buf) and write(offset, buf)."""
        buf = bytearray(length)
        self.read_into(offset, buf)
        return bytes(buf)

    def readblocks(self, number, buf, offset=0):
        """Block protocol: read from block `number` on. Returns 0 or a negative errno."""
        return self._try(self.read_into, number * self.sector_size + offset, buf)

    def writeblocks(self, number, buf, offset=0):
        """Block protocol: write, as readblocks()."""
        return self._try(self.write, number * self.sector_size + offset, buf)

    def ioctl(self, operation, _argument):
        """Block protocol: sizes. Writes are synchronous and need no erasing."""
        if operation == _COUNT:
            return self.capacity // self.sector_size
        if operation == _SIZE:
            return self.sector_size
        return 0

    def _try(self, transfer, offset, buf):
        try:
            transfer(offset, buf)
        except (OSError, ValueError):
            return -_EIO
        return 0

    def __repr__(self):
        return "<Block %s, %d bytes>" % (self.name, self.capacity)
