# ram.py - a file system in memory. Its bytes and its nodes count against one bound: then OSError(ENOSPC).

from micropython import const

from mkernel.errors import oserror
from mkernel.fs.names import EFBIG, ENOSPC, PERMISSIONS, S_IFCHR, S_IFDIR, S_IFREG, is_dir

_NODE = const(512)  # bytes that a node takes, its name and its entry included
_BLOCK = const(4096)
_DEVICE = const(1)  # st_dev


class RamFS:
    """`clock()` returns nanoseconds since 1970, `limit` is in bytes."""

    read_only = False

    def __init__(self, clock, limit):
        self.clock = clock
        self.limit = limit
        self.used = 0
        self.numbers = 0
        self.root = Directory(self, S_IFDIR | 0o755)

    def take(self, size):
        if self.used + size > self.limit:
            raise oserror(ENOSPC)
        self.used += size

    def statvfs(self):
        """Return the numbers of os.statvfs_result."""
        blocks, free = self.limit // _BLOCK, (self.limit - self.used) // _BLOCK
        nodes = self.limit // _NODE
        return (_BLOCK, _BLOCK, blocks, free, free, nodes, nodes - self.numbers, nodes - self.numbers, 0, 255)


class Node:
    """Base class of files and directories."""

    def __init__(self, fs, mode):
        fs.take(_NODE)
        self.fs = fs
        self.mode = mode
        fs.numbers += 1
        self.number = fs.numbers
        self.links = 1
        self.atime = self.mtime = self.ctime = fs.clock()

    def stat(self):
        ns = self.atime, self.mtime, self.ctime
        times = tuple([each // 1_000_000_000 for each in ns])
        return (self.mode, self.number, _DEVICE, self.links, 0, 0, self.size()) + times + ns

    def size(self):
        return 0

    def chmod(self, mode):
        self.mode = self.mode & ~PERMISSIONS | mode & PERMISSIONS
        self.ctime = self.fs.clock()

    def utime(self, atime, mtime):
        self.atime, self.mtime, self.ctime = atime, mtime, self.fs.clock()

    def changed(self):
        self.mtime = self.ctime = self.fs.clock()


class File(Node):
    """A regular file. It is its own handle; its bytes are free when it has no name and no handle."""

    def __init__(self, fs, mode):
        super().__init__(fs, mode)
        self.data = bytearray()
        self.handles = 0

    def open(self, _flags):
        self.handles += 1
        return self

    def close(self):
        self.handles -= 1
        self.released()

    def released(self):
        if not self.links and not self.handles:
            self.fs.used -= len(self.data) + _NODE
            self.data = bytearray()

    def size(self):
        return len(self.data)

    def read_at(self, position, size):
        return bytes(memoryview(self.data)[position : position + size])

    def write_at(self, position, data):
        end = position + len(data)
        if end > len(self.data):
            self.resize(end)
        self.data[position:end] = data
        self.changed()
        return len(data)

    def resize(self, size):
        """Truncate, or extend with zeros."""
        grown = size - len(self.data)
        if grown > self.fs.limit:
            raise oserror(EFBIG)
        if grown > 0:
            self.fs.take(grown)
            try:
                self.data.extend(bytes(grown))
            except MemoryError:
                self.fs.used -= grown
                raise oserror(ENOSPC)
        elif grown:
            self.data = self.data[:size]
            self.fs.used += grown
        self.changed()


class Directory(Node):
    """A directory: names, in the order of their creation."""

    def __init__(self, fs, mode, parent=None, name=""):
        super().__init__(fs, mode)
        self.entries = {}
        self.parent = parent
        self.name = name
        self.mounted = None  # the root of another file system
        self.links = 2

    def find(self, name):
        return self.entries.get(name)

    def names(self):
        return list(self.entries)

    def nodes(self):
        return self.entries.values()

    def make(self, name, mode):
        """Make a directory, or else a file, by its mode."""
        if mode & S_IFDIR:
            node = Directory(self.fs, mode, self, name)
            self.links += 1
        else:
            node = File(self.fs, S_IFREG | mode)
        self.entries[name] = node
        self.changed()
        return node

    def drop(self, name, node):
        """Remove a name; a directory must be empty."""
        del self.entries[name]
        self.changed()
        node.links = 0
        if is_dir(node):
            self.links -= 1
            node.parent = None
            self.fs.used -= _NODE
        else:
            node.released()

    def move(self, name, to, to_name):
        """Rename a node, perhaps to another directory."""
        node = self.entries[name]
        to.entries[to_name] = node
        del self.entries[name]
        if is_dir(node):
            self.links -= 1
            to.links += 1
            node.parent, node.name = to, to_name
        self.changed()
        to.changed()


class Null(Node):
    """/dev/null"""

    def __init__(self, fs):
        super().__init__(fs, S_IFCHR | 0o666)

    def open(self, _flags):
        return self

    def close(self):
        pass

    def released(self):
        pass

    def read_at(self, position, size):
        return b""

    def write_at(self, position, data):
        return len(data)

    def resize(self, size):
        pass
