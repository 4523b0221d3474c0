# vfs.py - a file system of MicroPython (FAT on a block device) in the tree. Walking a path makes its nodes.

from mkernel.errors import oserror, worded
from mkernel.fs.names import EBUSY, ENOENT, EOPNOTSUPP, O_ACCMODE, S_IFDIR, S_IFREG, is_dir

_COPY = 4096  # bytes


class Vfs:
    """`driver` is MicroPython's object."""

    read_only = False

    def __init__(self, driver):
        self.driver = driver

    def statvfs(self):
        return self.driver.statvfs("/")


class Node:
    def __init__(self, fs, path, mode, parent, name):
        self.fs = fs
        self.path = path
        self.mode = mode
        self.parent = parent
        self.name = name

    def stat(self):
        found = self.fs.driver.stat(self.path) if self.path != "/" else (S_IFDIR,) + (0,) * 9
        times = tuple(found[7:10])
        mode = self.mode
        return (mode, 0, 2, 1, 0, 0, found[6]) + times + tuple([each * 1_000_000_000 for each in times])

    def chmod(self, mode):
        """Ignore permissions, which FAT does not have, as Linux does."""

    def utime(self, atime, mtime):
        pass

    def refuse(self):
        raise worded(EBUSY, "Device or resource busy")

    # A file

    def open(self, flags):
        return Handle(self.fs.driver, self.path, flags & O_ACCMODE)

    # A directory

    def _below(self, name):
        return (self.path if self.path != "/" else "") + "/" + name

    def find(self, name):
        path = self._below(name)
        try:
            is_a = self.fs.driver.stat(path)[0] & S_IFDIR
        except OSError as error:
            if error.errno != ENOENT:
                raise
            return None
        return Node(self.fs, path, S_IFDIR | 0o755 if is_a else S_IFREG | 0o755, self, name)

    def names(self):
        return [entry[0] for entry in self.fs.driver.ilistdir(self.path)]

    def make(self, name, mode):
        if mode & S_IFDIR:
            self.fs.driver.mkdir(self._below(name))
        else:
            self.fs.driver.open(self._below(name), "wb").close()
        return self.find(name)

    def drop(self, name, node):
        (self.fs.driver.rmdir if is_dir(node) else self.fs.driver.remove)(self._below(name))

    def move(self, name, to, to_name):
        self.fs.driver.rename(self._below(name), to._below(to_name))


class Handle:
    """An open file. FAT's own has a position, so each call moves it."""

    def __init__(self, driver, path, access):
        self.driver = driver
        self.path = path
        self.file = driver.open(path, "r+b" if access else "rb")

    def close(self):
        self.file.close()

    def size(self):
        return self.file.seek(0, 2)

    def read_at(self, position, size):
        if position >= self.size():
            return b""
        self.file.seek(position)
        return self.file.read(size)

    def write_at(self, position, data):
        end = self.size()
        if position > end:
            self.resize(position)
        self.file.seek(position)
        n = self.file.write(data)
        self.file.flush()
        return n

    def resize(self, size):
        """Extend with zeros, or truncate to nothing; FAT's driver supports no other size."""
        end = self.size()
        if size == 0 and end:
            self.file.close()
            self.driver.open(self.path, "wb").close()
            self.file = self.driver.open(self.path, "r+b")
        elif size < end:
            raise oserror(EOPNOTSUPP)
        while end < size:
            end += self.file.write(bytes(min(_COPY, size - end)))
