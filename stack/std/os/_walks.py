# _walks.py - functions over whole paths and trees: makedirs(), scandir(), walk() ...

from os import _files
from os._paths import PathLike as _PathLike
from os._paths import fspath as _fspath
from stat import S_ISDIR as _S_ISDIR
from stat import S_ISREG as _S_ISREG

from mkernel import fs as _fs


def makedirs(name, mode=0o777, exist_ok=False):
    """Make a directory, and those that lead to it."""
    from posixpath import isdir, split

    head, tail = split(name)
    if not tail:
        head, tail = split(head)
    if head and tail and not _exists(head):
        try:
            makedirs(head, exist_ok=exist_ok)
        except FileExistsError:
            pass
        if tail == (b"." if isinstance(tail, bytes) else "."):
            return
    try:
        _files.mkdir(name, mode)
    except OSError:
        if not exist_ok or not isdir(name):
            raise


def _exists(path):
    try:
        _files.stat(path)
    except (OSError, ValueError):
        return False
    return True


def removedirs(name):
    """Remove an empty directory, and those above it as long as they are empty."""
    from posixpath import split

    _files.rmdir(name)
    _prune(split(name))


def _prune(parts):
    from posixpath import split

    head, tail = parts
    if not tail:
        head, tail = split(head)
    while head and tail:
        try:
            _files.rmdir(head)
        except OSError:
            break
        head, tail = split(head)


def renames(old, new):
    """Rename; make the directories of the new name, remove those of the old one that became empty."""
    from posixpath import split

    head, tail = split(new)
    if head and tail and not _exists(head):
        makedirs(head)
    _files.rename(old, new)
    head, tail = split(old)
    if head and tail:
        _prune((head, tail))


class DirEntry:
    """An entry of scandir()."""

    def __init__(self, folder, name, node):
        self.name = name
        self._node = node
        slash = b"/" if isinstance(name, bytes) else "/"
        between = "" if folder is None else slash[:0] if folder[-1:] == slash else slash
        self.path = name if folder is None else folder + between + name

    def __fspath__(self):
        return self.path

    def __repr__(self):
        return "<DirEntry %r>" % (self.name,)

    def inode(self):
        return self._node.stat()[1]

    def is_dir(self, *, follow_symlinks=True):
        return _S_ISDIR(self._node.mode)

    def is_file(self, *, follow_symlinks=True):
        return _S_ISREG(self._node.mode)

    def is_symlink(self):
        return False

    def stat(self, *, follow_symlinks=True):
        return _files._result(self._node.stat())


_PathLike.register(DirEntry)


class _Scan:
    """The iterator of scandir()."""

    def __init__(self, entries):
        self._entries = entries

    def __iter__(self):
        return self

    def __next__(self):
        if not self._entries:
            raise StopIteration
        return self._entries.pop(0)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def close(self):
        self._entries = []


def scandir(path=None):
    """Iterate over the DirEntry of each name in a directory."""
    if _files._is_number(path):
        directory, folder = _files._directory(path), None
    else:
        folder = "." if path is None else _fspath(path)
        directory = _files._do(_fs.directory_of, folder)
    found = []
    for name in directory.names():
        node = directory.find(name)
        node = getattr(node, "mounted", None) or node
        if node is not None:
            said = name.encode("utf-8", "surrogateescape") if isinstance(folder, bytes) else name
            found.append(DirEntry(folder, said, node))
    return _Scan(found)


def walk(top, topdown=True, onerror=None, followlinks=False):
    """Yield (folder, names of folders, names of files) for each folder of a tree. With `topdown` the caller
    may change the list of folders."""
    yield from _walk(_fspath(top), topdown, onerror)


def _walk(top, topdown, onerror):
    from posixpath import join

    folders, others = [], []
    try:
        entries = list(scandir(top))
    except OSError as error:
        if onerror is not None:
            onerror(error)
        return
    for entry in entries:
        (folders if entry.is_dir() else others).append(entry.name)
    if topdown:
        yield top, folders, others
    for name in folders:
        yield from _walk(join(top, name), topdown, onerror)
    if not topdown:
        yield top, folders, others


def get_exec_path(env=None):
    """Return the folders of PATH."""
    if env is None:
        from os._environ import environ as env
    return env.get("PATH", "/bin:/usr/bin").split(":")
