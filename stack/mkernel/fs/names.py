# names.py - numbers of Linux that file systems use.

from micropython import const

ENOENT, EBADF, EEXIST, EXDEV, ENOTDIR, EISDIR = const(2), const(9), const(17), const(18), const(20), const(21)
EBUSY, EINVAL, EFBIG, ENOSPC, ESPIPE = const(16), const(22), const(27), const(28), const(29)
EROFS, ENAMETOOLONG, ENOTEMPTY, EOPNOTSUPP = const(30), const(36), const(39), const(95)

O_WRONLY, O_RDWR, O_ACCMODE = const(1), const(2), const(3)
O_CREAT, O_EXCL, O_TRUNC, O_APPEND = const(0o100), const(0o200), const(0o1000), const(0o2000)
O_DIRECTORY, O_TMPFILE = const(0o200000), const(0o20200000)

S_IFMT, S_IFDIR, S_IFREG, S_IFCHR = const(0o170000), const(0o040000), const(0o100000), const(0o020000)
PERMISSIONS = const(0o7777)


def is_dir(node):
    return node.mode & S_IFMT == S_IFDIR
