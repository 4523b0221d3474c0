# Block devices as file systems see them.
import _mkernel
from mkernel import Block
from support import raises


def disk(sectors=8):
    _mkernel.disks = {"data": bytearray(sectors * 512)}
    return Block("data")


def test_sizes():
    block = disk(8)
    assert (block.capacity, block.sector_size, block.ioctl(4, 0), block.ioctl(5, 0)) == (4096, 512, 8, 512)
    assert block.ioctl(3, 0) == block.ioctl(6, 1) == 0


def test_what_is_written_is_read():
    block = disk()
    text = bytes(range(256)) * 4
    block.write(1024, text)
    assert block.read(1024, 1024) == text
    buf = bytearray(512)
    assert block.readblocks(3, buf) == 0 and bytes(buf) == text[512:]
    assert block.writeblocks(0, buf) == 0 and block.read(0, 512) == text[512:]


def test_bounds():
    block = disk()
    for offset, length in ((1, 512), (0, 511), (4096, 512), (-512, 512)):
        raises(ValueError, block.read, offset, length)
    assert block.readblocks(8, bytearray(512)) == -5  # errors are returned to file systems


def test_a_device_that_fails():
    block = disk()
    block._device.limit = 1024
    assert raises(OSError, block.write, 1024, bytes(512)).args[0] == 5
    assert block.writeblocks(2, bytes(512)) == -5


def test_a_name_that_is_not_there():
    disk()
    assert raises(OSError, Block, "none").args[0] == 19
