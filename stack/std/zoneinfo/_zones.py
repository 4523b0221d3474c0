# zoneinfo._zones - the zones of the image, in place of the package tzdata: what importlib.resources would
# find there. The build makes _data from the zones that the program names (host/build/zones.py).

import io

try:
    from ._data import ZONES
except ImportError:
    ZONES = {}

_TZDATA = "tzdata.zoneinfo"
# TZif of RFC 8536, version 2, one type: its header and data twice, and the footer.
_UTC = b"TZif2" + bytes(34) + b"\x01\0\0\0\x04" + bytes(6) + b"UTC\0"
for _name in ("UTC", "Etc/UTC", "Zulu", "Etc/UCT", "UCT"):
    ZONES.setdefault(_name, _UTC + _UTC + b"\nUTC0\n")


class files:
    """A folder of the package, or a file in it."""

    def __init__(self, package):
        if package[: len(_TZDATA)] != _TZDATA:
            raise ImportError(package)
        self._path = package[len(_TZDATA) + 1 :].replace(".", "/")

    def joinpath(self, name):
        self._path = self._path + "/" + name if self._path else name
        return self

    def open(self, mode="rb"):
        if self._path not in ZONES:
            raise FileNotFoundError(2, "No such file or directory", self._path)
        return io.BytesIO(ZONES[self._path])
