# block - uses of block devices in an image; test_block.py calls the functions by name.

import os
import sys

import mkernel
import vfs


def describes():
    for name in ("data", "other"):
        block = mkernel.Block(name)
        print(block, block.sector_size)


def complains():
    block = mkernel.Block("data")
    for offset, length in (
        (1, 512),
        (0, 100),
        (-512, 512),
        (block.capacity, 512),
        (block.capacity - 512, 1024),
    ):
        try:
            block.read(offset, length)
        except ValueError as error:
            print("ValueError", error)
    print("at the end", len(block.read(block.capacity, 0)))
    try:
        mkernel.Block("none")
    except OSError as error:
        print(error)


def copies():
    """Copy one device to the other, in pieces of many sizes."""
    data, other = mkernel.Block("data"), mkernel.Block("other")
    offset = 0
    sectors = 1
    while offset < data.capacity:
        length = min(sectors * 512, data.capacity - offset)
        other.write(offset, data.read(offset, length))
        offset += length
        sectors = sectors * 3 + 1
    print("copied", offset)


def fails():
    """The device reports an error."""
    try:
        mkernel.Block("data").write(0, bytes(512))
    except OSError as error:
        print("errno", error.errno)


def formats():
    block = mkernel.Block("data")
    vfs.VfsFat.mkfs(block)
    os.mount(block, "/data")
    os.mkdir("/data/some where")
    with open("/data/some where/A long name.txt", "w") as file:
        for number in range(1000):
            file.write(f"line {number}\n")
    os.umount("/data")
    print("written")


def finds():
    os.mount(mkernel.Block("data"), "/data")
    print(os.listdir("/data/some where"))
    with open("/data/some where/A long name.txt") as file:
        lines = file.read().split("\n")
    print(len(lines), lines[999], os.stat("/data/some where/A long name.txt")[6])
    try:
        open("/data/none")
    except OSError as error:
        print("errno", error.errno)


globals()[sys.argv[1]]()
