# resource - limits and use of what the one process of an image has. Nothing can be limited but by the
# machine.
import gc as _gc
import time as _time

from _structseq import structseq as _structseq

error = OSError
RLIM_INFINITY = -1
RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_DATA, RLIMIT_STACK, RLIMIT_CORE, RLIMIT_RSS = range(6)
RLIMIT_NPROC, RLIMIT_NOFILE, RLIMIT_MEMLOCK, RLIMIT_AS = range(6, 10)
RUSAGE_SELF, RUSAGE_CHILDREN, RUSAGE_THREAD = 0, -1, 1

_LIMITS = 16
_FILES = 1 << 20  # descriptors (mkernel/files.py)
_PAGE = 4096
_FIELDS = (
    "ru_utime", "ru_stime", "ru_maxrss", "ru_ixrss", "ru_idrss", "ru_isrss", "ru_minflt", "ru_majflt",
    "ru_nswap", "ru_inblock", "ru_oublock", "ru_msgsnd", "ru_msgrcv", "ru_nsignals", "ru_nvcsw", "ru_nivcsw",
)  # fmt: skip
struct_rusage = _structseq("struct_rusage", _FIELDS, (), "resource")


def _limit(resource):
    if not isinstance(resource, int):
        raise TypeError("'%s' object cannot be interpreted as an integer" % type(resource).__name__)
    if not 0 <= resource < _LIMITS:
        raise ValueError("invalid resource specified")
    if resource == RLIMIT_NPROC:
        return 1
    if resource == RLIMIT_NOFILE:
        return _FILES
    if resource in (RLIMIT_DATA, RLIMIT_AS, RLIMIT_RSS):
        return _gc.mem_alloc() + _gc.mem_free()
    return RLIM_INFINITY


def getrlimit(resource):
    """Return (soft, hard) limit: the heap's size for memory, -1 where there is none."""
    return _limit(resource), _limit(resource)


def setrlimit(resource, limits):
    """Accept limits that are no lower than what there is. ValueError for others: none can be kept."""
    soft, hard = limits
    for value in (soft, hard):
        if value != RLIM_INFINITY and (_limit(resource) == RLIM_INFINITY or value < _limit(resource)):
            raise ValueError("an image cannot limit this resource")


def getpagesize():
    """Return the size of a page in bytes."""
    return _PAGE


def getrusage(who):
    """Return time in seconds and memory in KiB; children use nothing."""
    if who not in (RUSAGE_SELF, RUSAGE_CHILDREN, RUSAGE_THREAD):
        raise ValueError("invalid who parameter")
    if who == RUSAGE_CHILDREN:
        return struct_rusage((0.0, 0.0) + (0,) * 14)
    used = (_gc.mem_alloc() + _gc.mem_free()) // 1024
    return struct_rusage((_time.process_time(), 0.0, used) + (0,) * 13)
