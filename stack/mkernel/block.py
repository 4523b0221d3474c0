# block.py - a block device, for applications and for file systems:
# `os.mount(mkernel.Block("data"), "/data")`.

import _mkernel

_EIO = 5

# What file systems ask (MicroPython's block protocol).
_COUNT, _SIZE = 4, 5


class Block:
    """The device of that name in the manifest. OSError(ENODEV) names the known ones if there is none.

    A call waits for the device, and every task with it.
    """

    def __init__(self, name):
        self._device = device = _mkernel.Block(name)
        self.name = name
        self.sector_size = device.sector_size  # bytes
        self.capacity = device.capacity  # bytes
        self.read_into = device.read_into
        self.write = device.write

    def read(self, offset, length):
        """`length` bytes from `offset` on, whole sectors both. ValueError beyond the end, OSError(EIO) when
        the device fails; so do read_into(offset, buf) and write(offset, buf)."""
        buf = bytearray(length)
        self.read_into(offset, buf)
        return bytes(buf)

    def readblocks(self, number, buf, offset=0):
        """For file systems: from block `number` on; what goes wrong is returned."""
        return self._try(self.read_into, number * self.sector_size + offset, buf)

    def writeblocks(self, number, buf, offset=0):
        """For file systems: as readblocks()."""
        return self._try(self.write, number * self.sector_size + offset, buf)

    def ioctl(self, operation, _argument):
        """For file systems: sizes. What was written is safe already, and needs no erasing."""
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
