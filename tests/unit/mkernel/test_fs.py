# The files of an image (mkernel/fs): the tree, what is in memory, open files.

from mkernel import fs
from mkernel.fs import handle, ram, rom, vfs
from support import raises

ENOENT, EBADF, EEXIST, EXDEV, ENOTDIR, EISDIR, EINVAL, ENOSPC = 2, 9, 17, 18, 20, 21, 22, 28
EBUSY, EROFS, ENAMETOOLONG, ENOTEMPTY = 16, 30, 36, 39
RDONLY, WRONLY, RDWR, CREAT, EXCL, TRUNC, APPEND = 0, 1, 2, 0o100, 0o200, 0o1000, 0o2000


class Fresh:
    """A tree of its own for a test."""

    def __init__(self, limit=1 << 20):
        self.clock = 1_000_000_000
        self.memory = ram.RamFS(lambda: self.clock, limit)

    def __enter__(self):
        self.before = fs.root, fs._cwd
        fs.root = fs._cwd = self.memory.root
        return self

    def __exit__(self, *error):
        fs.root, fs._cwd = self.before


def refused(errno, fun, *args):
    assert raises(OSError, fun, *args).errno == errno


def write(path, data, flags=WRONLY | CREAT | TRUNC):
    opened = handle.open_path(path, flags, 0o666)
    opened.write(data)
    opened.close()


def read(path):
    opened = handle.open_path(path, RDONLY, 0)
    data = opened.read(1 << 20)
    opened.close()
    return data


def test_paths():
    with Fresh():
        fs.make_directory("/a", 0o755)
        fs.make_directory("/a/b", 0o755)
        write("/a/file", b"text")
        for path in ("/a/./b/../file", "a//file", "/../a/file"):
            assert read(path) == b"text"
        fs.chdir("/a/b")
        assert fs.getcwd() == "/a/b" and read("../file") == b"text"
        for path, errno in (
            ("", ENOENT),
            ("/none", ENOENT),
            ("/none/x", ENOENT),
            ("/a/none/../file", ENOENT),
            ("/a/file/x", ENOTDIR),
            ("/a/file/", ENOTDIR),
            ("/" + "n" * 256, ENAMETOOLONG),
            ("/a" * 2100, ENAMETOOLONG),
        ):
            refused(errno, fs.node_of, path)
        raises(ValueError, fs.node_of, "a\0b")
        refused(ENOTDIR, fs.chdir, "/a/file")


def test_directories():
    with Fresh() as fresh:
        used = fresh.memory.used
        fs.make_directory("/a", 0o755)
        refused(EEXIST, fs.make_directory, "/a", 0o755)
        refused(ENOENT, fs.make_directory, "/b/c", 0o755)
        write("/a/x", b"")
        assert fs.root.links == 3 and fs.node_of("/a").names() == ["x"]
        refused(ENOTEMPTY, fs.remove_directory, "/a")
        refused(EISDIR, fs.remove_file, "/a")
        refused(ENOTDIR, fs.remove_directory, "/a/x")
        refused(EINVAL, fs.remove_directory, "/a/.")
        fs.remove_file("/a/x")
        fs.chdir("/a")
        fs.remove_directory("/a")
        refused(ENOENT, fs.getcwd)
        assert fresh.memory.used == used and fs.root.links == 2


def test_renames():
    with Fresh():
        write("/x", b"1")
        write("/y", b"2")
        fs.rename("/x", "/y")
        assert read("/y") == b"1" and fs.root.names() == ["y"]
        fs.rename("/y", "/y")
        fs.make_directory("/d", 0o755)
        fs.make_directory("/d/e", 0o755)
        refused(EISDIR, fs.rename, "/y", "/d")
        refused(ENOTDIR, fs.rename, "/d", "/y")
        refused(EINVAL, fs.rename, "/d", "/d/e/f")
        fs.make_directory("/t", 0o755)
        refused(ENOTEMPTY, fs.rename, "/t", "/d")
        fs.rename("/d/e", "/t")  # an empty directory is replaced
        fs.chdir("/t")
        assert fs.getcwd() == "/t" and fs.node_of("/d").names() == []
        fs.rename("/y", "/t/y")
        assert read("y") == b"1"
        refused(ENOENT, fs.rename, "/y", "/z")


def test_open_files():
    with Fresh():
        refused(ENOENT, handle.open_path, "/x", RDONLY, 0)
        opened = handle.open_path("/x", RDWR | CREAT | EXCL, 0o640)
        refused(EEXIST, handle.open_path, "/x", RDWR | CREAT | EXCL, 0o640)
        assert opened.write(b"hello") == 5 and opened.seek(-3, 1) == 2
        assert opened.read(2) == b"ll" and opened.read(9) == b"o" and opened.read(9) == b""
        refused(EINVAL, opened.seek, -1, 0)
        refused(EINVAL, opened.seek, 0, 7)
        assert opened.seek(2, 2) == 7 and opened.write(b"!") == 1
        opened.truncate(9)
        assert read("/x") == b"hello\0\0!\0" and opened.stat()[6] == 9
        assert opened.stat()[0] == 0o100640
        opened.truncate(1)
        again = handle.open_path("/x", WRONLY | APPEND, 0)
        again.write(b"i")
        refused(EBADF, again.read, 1)
        assert read("/x") == b"hi"
        reader = handle.open_path("/x", RDONLY, 0)
        refused(EBADF, reader.write, b"x")
        refused(EINVAL, reader.truncate, 0)
        refused(EISDIR, handle.open_path, "/", WRONLY, 0)
        folder = handle.open_path("/", RDONLY, 0)
        refused(EISDIR, folder.read, 1)


def test_a_removed_file_lives_until_it_is_closed():
    with Fresh() as fresh:
        used = fresh.memory.used
        opened = handle.open_path("/x", RDWR | CREAT, 0o666)
        opened.write(b"data")
        fs.remove_file("/x")
        assert fresh.memory.used > used
        opened.seek(0, 0)
        assert opened.read(9) == b"data" and opened.stat()[3] == 0
        opened.close()
        assert fresh.memory.used == used


def test_the_bound():
    with Fresh(limit=8192) as fresh:
        opened = handle.open_path("/x", RDWR | CREAT, 0o666)
        refused(ENOSPC, opened.write, bytes(8192))
        opened.write(bytes(4096))
        opened.seek(1 << 30, 0)
        assert raises(OSError, opened.write, b"x").errno in (27, 28)
        used = fresh.memory.used
        number = 0
        while True:
            try:
                fs.make_directory("/%d" % number, 0o755)
            except OSError as error:
                assert error.errno == ENOSPC
                break
            number += 1
        assert 0 < number < 20
        for each in range(number):
            fs.remove_directory("/%d" % each)
        assert fresh.memory.used == used
        opened.truncate(0)
        opened.close()
        assert fresh.memory.used == used - 4096


def test_times():
    with Fresh() as fresh:
        write("/x", b"1")
        fresh.clock = 5_000_000_007
        write("/x", b"2", WRONLY)
        numbers = fs.node_of("/x").stat()
        assert numbers[7:10] == (1, 5, 5) and numbers[10:] == (1_000_000_000, 5_000_000_007, 5_000_000_007)
        fs.node_of("/x").utime(2, 3)
        fs.node_of("/x").chmod(0o600)
        numbers = fs.node_of("/x").stat()
        assert numbers[10:] == (2, 3, 5_000_000_007) and numbers[0] == 0o100600


class Driver:
    """A file system of MicroPython with one file, /file, and one folder, /folder."""

    def __init__(self):
        self.data = b"abc"

    def stat(self, path):
        if path == "/file":
            return (0o100000, 0, 0, 0, 0, 0, len(self.data), 7, 7, 7)
        if path == "/folder":
            return (0o040000,) + (0,) * 9
        raise OSError(ENOENT, "No such file or directory")

    def ilistdir(self, path):
        return iter([("file", 0o100000, 0, 3), ("folder", 0o040000, 0)] if path == "/" else [])


def test_what_is_mounted():
    with Fresh():
        other = vfs.Vfs(Driver())
        fs.mount(lambda parent, name: vfs.Node(other, "/", 0o040755, parent, name), "/data")
        assert fs.node_of("/data").names() == ["file", "folder"]
        assert (
            fs.node_of("/data/file").stat()[6] == 3 and fs.node_of("/data/file").stat()[10] == 7_000_000_000
        )
        fs.chdir("/data/folder")
        assert fs.getcwd() == "/data/folder"
        write("../../x", b"1")
        assert read("/x") == b"1"
        refused(EXDEV, fs.rename, "/x", "/data/x")
        refused(ENOENT, fs.node_of, "/data/none")
        refused(EINVAL, fs.umount, "/data/folder")
        fs.umount("/data")
        assert fs.node_of("/data").names() == [] and fs.getcwd() == "/"


TREE = (
    ("ca.pem", 0, None),
    ("static", 3, (("css", 4, (("a.css", 1, None),)), ("index.html", 2, None))),
)
DATA = (b"certificate", b"body{}", b"<p>")


class WithFiles(Fresh):
    """With read-only files beside what is in memory."""

    def __enter__(self):
        super().__enter__()
        rom.attach(fs.root, TREE, DATA, 5_000_000_000)
        return self


def test_read_only_files():
    with WithFiles():
        assert fs.root.names() == ["ca.pem", "static"]
        assert fs.node_of("/static").names() == ["css", "index.html"]
        assert read("ca.pem") == b"certificate" and read("/static/css/a.css") == b"body{}"
        for path, errno in (
            ("/static/none", ENOENT),
            ("/static/a", ENOENT),
            ("/static/z", ENOENT),
            ("/static/index.html/x", ENOTDIR),
        ):
            refused(errno, fs.node_of, path)
        fs.chdir("/static/css")
        assert fs.getcwd() == "/static/css" and read("../index.html") == b"<p>"


def test_data_of_read_only_files_is_not_copied():
    with WithFiles():
        opened = handle.open_path("/ca.pem", RDONLY, 0)
        assert opened.read(100) is DATA[0] and opened.read(1) == b""
        opened.seek(-4, 2)
        assert opened.read(3) == b"cat"


def test_stat_of_read_only_files():
    with WithFiles():
        file, folder = fs.node_of("/static/index.html").stat(), fs.node_of("/static").stat()
        assert (file[0], file[6], file[8], file[11]) == (0o100444, 3, 5, 5_000_000_000)
        assert folder[0] == 0o040555
        numbers = [
            fs.node_of(path).stat()[1] for path in ("/ca.pem", "/static", "/static/css", "/static/css/a.css")
        ]
        assert len(set(numbers)) == 4
        assert fs.node_of("/static").fs.statvfs()[8] == 1


def test_read_only_files_stay():
    with WithFiles():
        write("/x", b"1")
        fs.make_directory("/empty", 0o755)
        for flags in (WRONLY, RDWR, WRONLY | CREAT | TRUNC, RDWR | APPEND):
            refused(EROFS, handle.open_path, "/ca.pem", flags, 0o666)
        for call, *args in (
            (handle.open_path, "/static/new", WRONLY | CREAT, 0o666),
            (fs.make_directory, "/static/new", 0o755),
            (fs.remove_file, "/ca.pem"),
            (fs.remove_file, "/static/index.html"),
            (fs.remove_directory, "/static"),
            (fs.remove_directory, "/static/css"),
            (fs.rename, "/ca.pem", "/y"),
            (fs.rename, "/static", "/y"),
            (fs.rename, "/static/index.html", "/static/y"),
            (fs.rename, "/x", "/ca.pem"),
            (fs.rename, "/empty", "/static"),
            (fs.node_of("/ca.pem").chmod, 0o777),
            (fs.node_of("/static").utime, 1, 1),
        ):
            refused(EROFS, call, *args)
        refused(EXDEV, fs.rename, "/x", "/static/x")
        assert (
            sorted(fs.root.names()) == ["ca.pem", "empty", "static", "x"] and read("ca.pem") == b"certificate"
        )


def test_a_mount_point_stays():
    with Fresh():
        other = vfs.Vfs(Driver())
        fs.mount(lambda parent, name: vfs.Node(other, "/", 0o040755, parent, name), "/data")
        refused(EBUSY, fs.remove_directory, "/data")
        refused(EBUSY, fs.rename, "/data", "/other")
        assert fs.node_of("/data").names() == ["file", "folder"]
