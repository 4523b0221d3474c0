# grp - the groups of an image: root.
from _structseq import structseq as _structseq

struct_group = _structseq("struct_group", ("gr_name", "gr_passwd", "gr_gid", "gr_mem"), (), "grp")
_ROOT = struct_group(("root", "x", 0, []))


def getgrgid(id):
    """Return the group with this number. KeyError."""
    if not isinstance(id, int):
        raise TypeError("gid should be integer, not %s" % type(id).__name__)
    if id != 0:
        raise KeyError("getgrgid(): gid not found: %d" % id)
    return _ROOT


def getgrnam(name):
    """Return the group with this name. KeyError."""
    if not isinstance(name, str):
        raise TypeError("getgrnam() argument must be str, not %s" % type(name).__name__)
    if name != "root":
        raise KeyError("getgrnam(): name not found: %r" % name)
    return _ROOT


def getgrall():
    """Return all groups."""
    return [_ROOT]
