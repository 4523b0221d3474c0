# Files of the tests, below the working directory.

import contextlib
import os
import unittest

TESTFN = TESTFN_ASCII = "@test_1_tmp"
TESTFN_UNICODE = TESTFN + "-\xe0\xf2\u0258\u0141\u011f"
TESTFN_NONASCII = TESTFN + "\xe6"
FS_NONASCII = "\xe6"
TESTFN_UNENCODABLE = None  # every text is a name
TESTFN_UNDECODABLE = os.fsencode(TESTFN) + b"\xff"
TESTFN_EXTRA = TESTFN + "extra"
SAVEDCWD = os.getcwd()


def unlink(filename):
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        os.unlink(filename)


def rmdir(dirname):
    with contextlib.suppress(FileNotFoundError):
        os.rmdir(dirname)


def rmtree(path):
    import shutil

    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(path)


def create_empty_file(filename):
    os.close(os.open(filename, os.O_WRONLY | os.O_CREAT | os.O_TRUNC))


@contextlib.contextmanager
def temp_dir(path=None, quiet=False):
    import tempfile

    path = tempfile.mkdtemp() if path is None else path
    if not os.path.isdir(path):
        os.mkdir(path)
    try:
        yield os.path.realpath(path)
    finally:
        rmtree(path)


@contextlib.contextmanager
def change_cwd(path, quiet=False):
    before = os.getcwd()
    os.chdir(path)
    try:
        yield os.getcwd()
    finally:
        os.chdir(before)


@contextlib.contextmanager
def temp_cwd(name="tempcwd", quiet=False):
    with temp_dir(path=name, quiet=quiet) as path:
        with change_cwd(path, quiet=quiet) as folder:
            yield folder


@contextlib.contextmanager
def temp_umask(umask):
    before = os.umask(umask)
    try:
        yield
    finally:
        os.umask(before)


def can_symlink():
    return False


can_xattr = can_symlink


def can_chmod():
    return True


def _lacks(reason):
    return lambda test: unittest.skip(reason)(test)


skip_unless_symlink = _lacks("there are no symbolic links")
skip_unless_xattr = _lacks("there are no extended attributes")
skip_unless_dac_override = _lacks("everything can be read")
skip_if_dac_override = skip_unless_dac_override


def skip_unless_working_chmod(test):
    return test


def fs_is_case_insensitive(directory):
    return False


def make_bad_fd():
    fd = os.open(TESTFN, os.O_WRONLY | os.O_CREAT)
    os.close(fd)
    unlink(TESTFN)
    return fd


class FakePath:
    def __init__(self, path):
        self.path = path

    def __repr__(self):
        return "<FakePath %r>" % (self.path,)

    def __fspath__(self):
        if isinstance(self.path, BaseException) or (
            isinstance(self.path, type) and issubclass(self.path, BaseException)
        ):
            raise self.path
        return self.path


class EnvironmentVarGuard:
    """Changes of os.environ that end with the block."""

    def __init__(self):
        self._environ = os.environ
        self._changed = {}

    def __getitem__(self, name):
        return self._environ[name]

    def __setitem__(self, name, value):
        self._changed.setdefault(name, self._environ.get(name))
        self._environ[name] = value

    def __delitem__(self, name):
        self._changed.setdefault(name, self._environ.get(name))
        self._environ.pop(name, None)

    def __contains__(self, name):
        return name in self._environ

    def get(self, name, default=None):
        return self._environ.get(name, default)

    def pop(self, name, *default):
        self._changed.setdefault(name, self._environ.get(name))
        return self._environ.pop(name, *default)

    def keys(self):
        return self._environ.keys()

    def set(self, name, value):
        self[name] = value

    def unset(self, name):
        del self[name]

    def copy(self):
        return dict(self)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        for name, value in self._changed.items():
            if value is None:
                self._environ.pop(name, None)
            else:
                self._environ[name] = value


def __getattr__(name):
    if name[:2] == "__":
        raise AttributeError(name)
    return unittest.Missing("test.support.os_helper." + name)
