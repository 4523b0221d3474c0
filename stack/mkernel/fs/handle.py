# handle.py - an open file: the description of a file descriptor (mkernel/files.py).

from mkernel.errors import oserror
from mkernel.fs import walk
from mkernel.fs.names import (
    EBADF,
    EEXIST,
    EINVAL,
    EISDIR,
    ENOENT,
    ENOTDIR,
    O_ACCMODE,
    O_APPEND,
    O_CREAT,
    O_DIRECTORY,
    O_EXCL,
    O_RDWR,
    O_TMPFILE,
    O_TRUNC,
    O_WRONLY,
    PERMISSIONS,
    is_dir,
)
from mkernel.pollable import IN, OUT, Pollable

_POSITION_MAX = (1 << 63) - 1


class OpenFile(Pollable):
    """A node with a position. Directories have neither position nor data."""

    users = 0

    def __init__(self, node, flags):
        self.node = node
        self.flags = flags
        self.position = 0
        self.handle = None if is_dir(node) else node.open(flags)

    def poll_mask(self):
        return IN | OUT

    def read(self, size):
        if self.handle is None:
            raise oserror(EISDIR)
        if self.flags & O_ACCMODE == O_WRONLY:
            raise oserror(EBADF)
        data = self.handle.read_at(self.position, size)
        self.position += len(data)
        return data

    def write(self, data):
        self._check_writable()
        if self.flags & O_APPEND:
            self.position = self.handle.size()
        n = self.handle.write_at(self.position, data) if len(data) else 0
        self.position += n
        return n

    def seek(self, offset, whence):
        base = (0, self.position, 0 if self.handle is None else self.handle.size())
        if whence not in (0, 1, 2):
            raise oserror(EINVAL)
        position = base[whence] + offset
        if not 0 <= position <= _POSITION_MAX:
            raise oserror(EINVAL)
        self.position = position
        return position

    def truncate(self, size):
        if size < 0 or self.handle is None or self.flags & O_ACCMODE not in (O_WRONLY, O_RDWR):
            raise oserror(EINVAL)
        self.handle.resize(size)

    def stat(self):
        return self.node.stat()

    def _check_writable(self):
        if self.handle is None or self.flags & O_ACCMODE not in (O_WRONLY, O_RDWR):
            raise oserror(EBADF)

    def close(self):
        if self.handle is not None:
            self.handle.close()
        self.poll_changed()


def open_path(path, flags, mode):
    """Open a path, as open(2). Returns an OpenFile."""
    writes = flags & O_ACCMODE != 0
    directory, name, node = walk(path)
    if flags & O_TMPFILE == O_TMPFILE:
        raise oserror(EISDIR)  # as a file system without O_TMPFILE
    if node is None:
        if not flags & O_CREAT:
            raise oserror(ENOENT)
        if path[-1] == "/":
            raise oserror(EISDIR)
        node = directory.make(name, mode & PERMISSIONS)
        return OpenFile(node, flags & ~O_TRUNC)
    if flags & O_CREAT and flags & O_EXCL:
        raise oserror(EEXIST)
    if is_dir(node):
        if writes or flags & O_CREAT:
            raise oserror(EISDIR)
    elif flags & O_DIRECTORY:
        raise oserror(ENOTDIR)
    opened = OpenFile(node, flags)
    if flags & O_TRUNC and writes:
        opened.handle.resize(0)
    return opened
