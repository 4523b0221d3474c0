# _mounts.py - MicroPython's os.mount() and umount(): FAT on block devices.

import vfs as _vfs
from mkernel import fs as _fs
from mkernel.fs import vfs as _nodes
from mkernel.fs.names import S_IFDIR as _S_IFDIR

VfsFat = _vfs.VfsFat


def mount(fsobj, mount_point, *, readonly=False):
    """Mount a block device with FAT, or a file system object of MicroPython, at a directory."""
    driver = fsobj if hasattr(fsobj, "mount") else _vfs.VfsFat(fsobj)
    _vfs.mount(driver, mount_point, readonly=readonly)  # for imports
    fs = _nodes.Vfs(driver)
    try:
        _fs.mount(lambda parent, name: _nodes.Node(fs, "/", _S_IFDIR | 0o755, parent, name), mount_point)
    except BaseException:
        _vfs.umount(mount_point)
        raise


def umount(mount_point):
    """Unmount what is mounted at a directory."""
    _fs.umount(mount_point)
    _vfs.umount(mount_point)
