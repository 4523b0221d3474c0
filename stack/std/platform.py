# platform - what an image runs on. CPython's module asks files and programs that no image has.

import sys
from collections import namedtuple as _namedtuple
from os import uname as _uname

_Uname = _namedtuple("uname_result", "system node release version machine")


class uname_result(_Uname):
    """The result of uname(); the processor is one item more when it is unpacked or has an index."""

    @property
    def processor(self):
        return self.machine


def uname():
    """Who runs the program: system "pymnet", the host name, the image's version."""
    return uname_result(*_uname())


def system():
    return uname().system


def node():
    return uname().node


def release():
    return uname().release


def version():
    return uname().version


def machine():
    return uname().machine


def processor():
    return uname().processor


def architecture(executable=None, bits="", linkage=""):
    return (bits or "64bit", linkage or "ELF")


def platform(aliased=False, terse=False):
    """One line about the system."""
    found = uname()
    said = [found.system, found.release] if terse else [found.system, found.release, found.machine]
    return "-".join([each.replace(" ", "_") for each in said if each])


def python_implementation():
    """Return "MicroPython": what is as on CPython is not said here."""
    return "MicroPython"


def python_version():
    return "%d.%d.%d" % tuple(sys.version_info[:3])


def python_version_tuple():
    return tuple(python_version().split("."))


def python_branch():
    return ""


def python_revision():
    return ""


def python_build():
    return ("", "")


def python_compiler():
    return "GCC"


def libc_ver(executable=None, lib="", version="", chunksize=16384):
    return (lib, version)


def freedesktop_os_release():
    raise OSError(2, "Unable to read files /etc/os-release, /usr/lib/os-release")


def mac_ver(release="", versioninfo=("", "", ""), machine=""):
    return (release, versioninfo, machine)


def win32_ver(release="", version="", csd="", ptype=""):
    return (release, version, csd, ptype)


def java_ver(release="", vendor="", vminfo=("", "", ""), osinfo=("", "", "")):
    return (release, vendor, vminfo, osinfo)


def win32_edition():
    return None


def win32_is_iot():
    return False
