# zoneinfo._tzpath - there is no folder of zones: an image has UTC and those that its program names (_zones).

import os

from ._zones import ZONES

TZPATH = ()


class InvalidTZPathWarning(RuntimeWarning):
    """A search path that is not absolute."""


def reset_tzpath(to=None):
    """Set what TZPATH says; nothing is looked for there."""
    global TZPATH
    if isinstance(to, (str, bytes)):
        raise TypeError("tzpaths must be a list or tuple, not %s: %r" % (type(to), to))
    for path in to or ():
        if not os.path.isabs(path):
            raise ValueError("Paths should be absolute but found the following relative paths:\n    " + path)
    TZPATH = tuple(to or ())


def find_tzfile(key):
    """None; ValueError for a name that no zone can have."""
    if key.startswith("/"):
        raise ValueError("ZoneInfo keys may not be absolute paths, got: " + key)
    if ".." in key.split("/") or "" in key.split("/") or "." in key.split("/"):
        raise ValueError("ZoneInfo keys must be normalized relative paths, got: " + key)
    return None


def available_timezones():
    return set(ZONES)
