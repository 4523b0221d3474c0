# _files.py - files and directories by path.

from os import _numbers
from os._paths import fsdecode as _fsdecode

import _mkernel
from _structseq import structseq as _structseq
from mkernel import fs as _fs
from mkernel.errors import oserror as _oserror

_EACCES, _ENOTDIR = 13, 20
_NS = 1_000_000_000

supports_dir_fd = set()
supports_effective_ids = set()
supports_follow_symlinks = set()

_TIMES = ("st_atime", "st_mtime", "st_ctime")
_base = _structseq(
    "stat_result",
    ("st_mode", "st_ino", "st_dev", "st_nlink", "st_uid", "st_gid", "st_size") + _TIMES,
    _TIMES + tuple([each + "_ns" for each in _TIMES]) + ("st_blksize", "st_blocks", "st_rdev"),
)
stat_result = _base
statvfs_result = _structseq(
    "statvfs_result",
    ("f_bsize", "f_frsize", "f_blocks", "f_bfree", "f_bavail", "f_files", "f_ffree", "f_favail", "f_flag")
    + ("f_namemax",),
    ("f_fsid",),
)


def _result(numbers):
    """Make a stat_result of what a node's stat() gives."""
    ns = tuple(numbers[10:13])
    floats = tuple([each / _NS for each in ns])
    return stat_result(tuple(numbers[:10]) + floats + ns + (4096, (numbers[6] + 511) // 512, 0))


def _is_number(path):
    return isinstance(path, int) and not isinstance(path, bool)


def _refuse(dir_fd):
    if dir_fd is not None:
        raise NotImplementedError("dir_fd unavailable on this platform")


def _do(call, path, *rest):
    """Run call(text of the path, ...). An OSError gets the path."""
    text = _path(path)
    try:
        return call(text, *rest)
    except OSError as error:
        raise OSError(error.errno, error.strerror, _named(path, text)) from None


def _named(path, text):
    """What an error says of a path: bytes as they are, of a Path its text."""
    return path if isinstance(path, bytes) else text


def _path(path, call=None):
    try:
        return _fsdecode(path)
    except TypeError:
        said = "path should be string, bytes or os.PathLike, not %s"
        raise TypeError(said % type(path).__name__) from None


def stat(path, *, dir_fd=None, follow_symlinks=True):
    """Return a stat_result of a path or a number."""
    _refuse(dir_fd)
    if _is_number(path):
        return fstat(path)
    return _result(_do(_fs.node_of, path).stat())


def lstat(path, *, dir_fd=None):
    """As stat(): there are no symbolic links."""
    return stat(path, dir_fd=dir_fd)


def fstat(fd):
    return _result(_numbers._call(fd, "stat", 9))


def access(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True):
    """Whether the path can be used so; what is not of a read-only file system can be written."""
    _refuse(dir_fd)
    try:
        found = _fs.node_of(_path(path))
    except OSError:
        return False
    return not (mode & 1 and not found.mode & 0o111 or mode & 2 and found.fs.read_only)


def listdir(path="."):
    """Return the names in a directory; bytes if the path is bytes."""
    if path is None:
        path = "."
    if _is_number(path):
        return _directory(path).names()
    names = _do(lambda text: _fs.directory_of(text).names(), path)
    return [each.encode("utf-8", "surrogateescape") for each in names] if isinstance(path, bytes) else names


def _directory(fd):
    node = getattr(_numbers._find(fd), "node", None)
    if node is None or not _fs.is_dir(node):
        raise _oserror(_ENOTDIR)
    return node


def mkdir(path, mode=0o777, *, dir_fd=None):
    _refuse(dir_fd)
    _do(_fs.make_directory, path, mode & ~_numbers._mask)


def rmdir(path, *, dir_fd=None):
    """Remove an empty directory."""
    _refuse(dir_fd)
    _do(_fs.remove_directory, path)


def remove(path, *, dir_fd=None):
    """Remove a file; open ones stay until they are closed."""
    _refuse(dir_fd)
    _do(_fs.remove_file, path)


def unlink(path, *, dir_fd=None):
    remove(path, dir_fd=dir_fd)


def rename(src, dst, *, src_dir_fd=None, dst_dir_fd=None):
    """Rename a file or directory; what has the new name is replaced."""
    _refuse(src_dir_fd)
    _refuse(dst_dir_fd)
    old, new = _path(src), _path(dst)
    try:
        _fs.rename(old, new)
    except OSError as error:
        raise OSError(error.errno, error.strerror, _named(src, old), None, _named(dst, new)) from None


def replace(src, dst, *, src_dir_fd=None, dst_dir_fd=None):
    rename(src, dst, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)


def chmod(path, mode, *, dir_fd=None, follow_symlinks=True):
    _refuse(dir_fd)
    if _is_number(path):
        return fchmod(path, mode)
    _do(lambda text: _fs.node_of(text).chmod(mode), path)


def lchmod(path, mode):
    chmod(path, mode)


def fchmod(fd, mode):
    node = getattr(_numbers._find(fd), "node", None)
    if node is not None:
        node.chmod(mode)


def chown(path, uid, gid, *, dir_fd=None, follow_symlinks=True):
    """Everything belongs to user 0. PermissionError for another one."""
    stat(path, dir_fd=dir_fd)
    if uid > 0 or gid > 0:
        raise OSError(1, "Operation not permitted", path)


def utime(path, times=None, *, ns=None, dir_fd=None, follow_symlinks=True):
    """Set the times of access and modification: (seconds, seconds), ns=(nanoseconds, nanoseconds), now."""
    _refuse(dir_fd)
    if times is not None and ns is not None:
        raise ValueError("utime: you may specify either 'times' or 'ns' but not both")
    if times is not None:
        if not isinstance(times, tuple) or len(times) != 2:
            raise TypeError("utime: 'times' must be either a tuple of two ints or None")
        ns = tuple([int(each * _NS) if isinstance(each, float) else each * _NS for each in times])
    elif ns is not None:
        if not isinstance(ns, tuple) or len(ns) != 2:
            raise TypeError("utime: 'ns' must be a tuple of two ints")
    else:
        ns = (_mkernel.clock_wall(),) * 2
    node = _numbers._find(path).node if _is_number(path) else _do(_fs.node_of, path)
    node.utime(*ns)  # as on CPython its error has no path


def truncate(path, length):
    """Cut a file off, or add zeros."""
    if _is_number(path):
        return _numbers.ftruncate(path, length)
    fd = _numbers.open(path, 1)
    try:
        _numbers.ftruncate(fd, length)
    finally:
        _numbers.close(fd)


def statvfs(path):
    """Return what the file system of a path has and how much is free."""
    node = _directory(path) if _is_number(path) else _do(_fs.node_of, path)
    return statvfs_result(tuple(node.fs.statvfs()) + (0,))


def chdir(path):
    _do(_fs.chdir, path)


def getcwd():
    return _fs.getcwd()


def getcwdb():
    return getcwd().encode("utf-8", "surrogateescape")


supports_fd = {stat, chmod, utime, truncate, listdir, statvfs}
