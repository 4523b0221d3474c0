# pwd - the users of an image: root.
from _structseq import structseq as _structseq

_FIELDS = ("pw_name", "pw_passwd", "pw_uid", "pw_gid", "pw_gecos", "pw_dir", "pw_shell")
struct_passwd = _structseq("struct_passwd", _FIELDS, (), "pwd")
_ROOT = struct_passwd(("root", "x", 0, 0, "root", "/", ""))


def getpwuid(uid):
    """Return the user with this number. KeyError."""
    if not isinstance(uid, int):
        raise TypeError("uid should be integer, not %s" % type(uid).__name__)
    if uid != 0:
        raise KeyError("getpwuid(): uid not found: %d" % uid)
    return _ROOT


def getpwnam(name):
    """Return the user with this name. KeyError."""
    if not isinstance(name, str):
        raise TypeError("getpwnam() argument must be str, not %s" % type(name).__name__)
    if name != "root":
        raise KeyError("getpwnam(): name not found: %r" % name)
    return _ROOT


def getpwall():
    """Return all users."""
    return [_ROOT]
