# _machine.py - what the machine and its kernel are.

import sys

import _mkernel
from _structseq import structseq as _structseq

_UNAME = ("sysname", "nodename", "release", "version", "machine")
uname_result = _structseq("uname_result", _UNAME, (), "posix")


def uname():
    """What runs here, and on what; nodename is the host name."""
    try:
        from socket import gethostname

        node = gethostname()
    except ImportError:
        node = "pymnet"
    return uname_result(("pymnet", node, _mkernel.version, sys.version, "x86_64"))


def cpu_count():
    return 1


def sched_getaffinity(pid):
    return {0}


def getloadavg():
    raise OSError(38, "Function not implemented")


_SYSCONF = {
    "SC_PAGE_SIZE": 4096,
    "SC_PAGESIZE": 4096,
    "SC_NPROCESSORS_ONLN": 1,
    "SC_NPROCESSORS_CONF": 1,
    "SC_OPEN_MAX": 1 << 20,
    "SC_IOV_MAX": 1024,
    "SC_CLK_TCK": 100,
    "SC_ARG_MAX": 4096,
}
sysconf_names = dict(_SYSCONF)


def sysconf(name):
    """The values of the machine; ValueError for a name that is not known."""
    if name == "SC_PHYS_PAGES":
        return _mkernel.memory()[0] // 4096
    if name not in _SYSCONF:
        raise ValueError("unrecognized configuration name")
    return _SYSCONF[name]


terminal_size = _structseq("terminal_size", ("columns", "lines"))


def get_terminal_size(fd=1):
    """The console is no terminal whose size is known."""
    raise OSError(25, "Inappropriate ioctl for device")
