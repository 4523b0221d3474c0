# fs - the files of an image: one tree, in memory, in which other file systems are mounted. The read-only
# files of the image are nodes of its root.
#
# A node is a directory, a file or a device. A node of any file system has:
#   mode           as st_mode of stat(2)
#   parent, name   of a directory: the way up, for ".." and getcwd()
#   stat()         the ten numbers of os.stat_result, then the three times in nanoseconds
#   chmod(mode), utime(atime, mtime)
#   refuse()       raises the error of who removes it from a directory of another file system
#   open(flags)    of a file: a handle with read_at, write_at, resize, size, close (handle.py)
#   fs             its file system: read_only, statvfs()
# and a directory: find(name), names(), make(name, mode), drop(name, node), move(name, to, to_name).

import _mkernel

from mkernel.errors import oserror
from mkernel.fs import ram
from mkernel.fs.names import (
    EEXIST,
    EINVAL,
    EISDIR,
    ENAMETOOLONG,
    ENOENT,
    ENOTDIR,
    ENOTEMPTY,
    EXDEV,
    is_dir,
)

_PATH_MAX, _NAME_MAX = 4096, 255
_HEAP_SHARE = 4  # a quarter of the heap may hold files


def _start():
    memory = ram.RamFS(_mkernel.clock_wall, _mkernel.memory()[1] // _HEAP_SHARE)
    memory.root.make("tmp", 0o041777)
    devices = memory.root.make("dev", 0o040755)
    devices.entries["null"] = ram.Null(memory)
    try:
        import _files  # of images with read-only files (host/build/files.py)

        _files.attach(memory.root, _files.TREE, _files.data, memory.clock())
    except ImportError:
        pass
    return memory.root


root = _start()
_cwd = root


def walk(path):
    """Return (directory, name, node): the directory of the path's last name, and the node of that name (None:
    there is none). The name is "" if the path ends in "/", "." or "..", which name the directory itself."""
    if "\0" in path:
        raise ValueError("embedded null byte")
    if not path:
        raise oserror(ENOENT)
    if len(path) > _PATH_MAX:
        raise oserror(ENAMETOOLONG)
    node = root if path[0] == "/" else _cwd
    directory, name = node, ""
    for each in path.split("/"):
        if node is None:
            raise oserror(ENOENT)
        if not is_dir(node):
            raise oserror(ENOTDIR)
        if each == "":
            continue
        name = each
        if each == ".":
            continue
        if len(each) > _NAME_MAX:
            raise oserror(ENAMETOOLONG)
        directory = node
        node = (node.parent or node) if each == ".." else node.find(each)
        node = getattr(node, "mounted", None) or node
    if path[-1] == "/" and node is not None and not is_dir(node):
        raise oserror(ENOTDIR)
    if name in ("", ".", ".."):
        return node, "", node
    return directory, name, node


def node_of(path):
    """Return the node of a path. OSError(ENOENT) if there is none."""
    node = walk(path)[2]
    if node is None:
        raise oserror(ENOENT)
    return node


def directory_of(path):
    """Return the directory of a path. OSError(ENOTDIR) if it is none."""
    node = node_of(path)
    if not is_dir(node):
        raise oserror(ENOTDIR)
    return node


def make_directory(path, mode):
    directory, name, node = walk(path)
    if node is not None:
        raise oserror(EEXIST)
    directory.make(name, 0o040000 | mode)


def _check_removable(directory, node):
    """Refuse to remove or replace a read-only file of the image, or a mount point."""
    if node.fs is not directory.fs or node.fs.read_only:
        node.refuse()


def remove_file(path):
    directory, name, node = walk(path)
    if node is None:
        raise oserror(ENOENT)
    if is_dir(node):
        raise oserror(EISDIR)
    _check_removable(directory, node)
    directory.drop(name, node)


def remove_directory(path):
    directory, name, node = walk(path)
    if node is None:
        raise oserror(ENOENT)
    if not is_dir(node):
        raise oserror(ENOTDIR)
    if not name:
        raise oserror(EINVAL)
    _check_removable(directory, node)
    if node.names():
        raise oserror(ENOTEMPTY)
    directory.drop(name, node)


def rename(path, to_path):
    """Rename, as rename(2): an existing target is replaced, if it is of the same kind."""
    directory, name, node = walk(path)
    to, to_name, there = walk(to_path)
    if node is None:
        raise oserror(ENOENT)
    if not name or not to_name:
        raise oserror(EINVAL)
    _check_removable(directory, node)
    if directory.fs is not to.fs:
        raise oserror(EXDEV)
    if is_dir(node) and _is_below(to, node):
        raise oserror(EINVAL)
    if there is not None:
        _check_removable(to, there)
        if there is node or there.stat()[1] == node.stat()[1] != 0:
            return
        _check_replaced(node, there)
        to.drop(to_name, there)
    directory.move(name, to, to_name)


def _check_replaced(node, there):
    if is_dir(node) and not is_dir(there):
        raise oserror(ENOTDIR)
    if is_dir(there):
        if not is_dir(node):
            raise oserror(EISDIR)
        if there.names():
            raise oserror(ENOTEMPTY)


def _is_below(node, directory):
    while node is not None:
        if node is directory:
            return True
        node = node.parent
    return False


def chdir(path):
    global _cwd
    _cwd = directory_of(path)


def getcwd():
    """Return the path of the working directory. OSError(ENOENT) if it was removed."""
    names, node = [], _cwd
    while node.parent is not None:
        names.append(node.name)
        node = node.parent
    if node is not root:
        raise oserror(ENOENT)
    return "/" + "/".join(reversed(names))


def mount(make, path):
    """Mount the root that make(parent, name) returns at a directory, which is made if it is missing."""
    directory, name, node = walk(path)
    if node is None:
        node = directory.make(name, 0o040755)
    if not is_dir(node):
        raise oserror(ENOTDIR)
    if node.parent is None or not hasattr(node, "mounted") or node.mounted is not None:
        raise oserror(EINVAL)
    node.mounted = make(node.parent, node.name)


def umount(path):
    """Unmount a file system, and return its root."""
    global _cwd
    mounted = directory_of(path)
    for point in mounted.parent.nodes() if mounted.parent and hasattr(mounted.parent, "nodes") else ():
        if getattr(point, "mounted", None) is mounted:
            point.mounted = None
            if _is_below(_cwd, mounted):
                _cwd = root
            return mounted
    raise oserror(EINVAL)
