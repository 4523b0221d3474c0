# rom.py - the read-only files of an image, which its unikernel.toml or its packages name
# (host/build/files.py).
#
# The tree is made of constants: a folder is a tuple of (name, number, entries), sorted by name; `entries` is
# that of a folder, None of a file. The data of file N is number N of a tuple. Walking a path makes its nodes.
# No data is copied: a file that is read at once is the constant itself.

from micropython import const

from mkernel.errors import worded
from mkernel.fs.names import EROFS, O_ACCMODE, S_IFDIR, S_IFREG

_DEVICE = const(3)  # st_dev
_BLOCK = const(4096)
_READ_ONLY = const(1)  # ST_RDONLY of statvfs(3)


def refusal():
    return worded(EROFS, "Read-only file system")


class RomFS:
    """`data` is that of all files, `time` in nanoseconds is the one of all nodes."""

    read_only = True

    def __init__(self, data, time):
        self.data = data
        self.time = time

    def statvfs(self):
        """Return the numbers of os.statvfs_result."""
        blocks = sum([(len(each) + _BLOCK - 1) // _BLOCK for each in self.data])
        return (_BLOCK, _BLOCK, blocks, 0, 0, len(self.data), 0, 0, _READ_ONLY, 255)


def attach(root, tree, data, time):
    """Put the tree's first names into a directory of another file system."""
    fs = RomFS(data, time)
    for name, number, entries in tree:
        root.entries[name] = node(fs, name, number, entries, root)


def node(fs, name, number, entries, parent):
    if entries is None:
        return File(fs, name, number, parent)
    return Directory(fs, name, number, entries, parent)


class Node:
    mode = 0

    def __init__(self, fs, name, number, parent):
        self.fs = fs
        self.name = name
        self.number = number
        self.parent = parent

    def stat(self):
        ns = (self.fs.time,) * 3
        times = tuple([each // 1_000_000_000 for each in ns])
        return (self.mode, self.number + 1, _DEVICE, 1, 0, 0, self.size()) + times + ns

    def size(self):
        return 0

    def refuse(self, *_args):
        raise refusal()

    chmod = utime = refuse


class File(Node):
    """A file. It is its own handle."""

    mode = S_IFREG | 0o444

    def open(self, flags):
        if flags & O_ACCMODE:
            raise refusal()
        return self

    def close(self):
        pass

    def size(self):
        return len(self.fs.data[self.number])

    def read_at(self, position, size):
        data = self.fs.data[self.number]
        if position == 0 and size >= len(data):
            return data
        return data[position : position + size]

    write_at = resize = Node.refuse


class Directory(Node):
    mode = S_IFDIR | 0o555

    def __init__(self, fs, name, number, entries, parent):
        super().__init__(fs, name, number, parent)
        self.entries = entries

    def find(self, name):
        """Search the sorted entries. Returns the node, or None."""
        low, high = 0, len(self.entries)
        while low < high:
            middle = (low + high) // 2
            if self.entries[middle][0] < name:
                low = middle + 1
            else:
                high = middle
        if low == len(self.entries) or self.entries[low][0] != name:
            return None
        return node(self.fs, *self.entries[low], self)

    def names(self):
        return [entry[0] for entry in self.entries]

    make = drop = move = Node.refuse
