# system.py - what CPython's sys has beside MicroPython's: facts about numbers, limits, hooks that a program
# may set.

import sys as _sys

from ucollections import namedtuple as _namedtuple


def _made(_name, **fields):
    return _namedtuple("sys." + _name, tuple(fields))(*fields.values())


_limits = {"recursion": 1000}
_Hooks = _namedtuple("sys.asyncgen_hooks", ("firstiter", "finalizer"))
_hooks = [_Hooks(None, None)]


def _displayhook(value):
    if value is not None:
        _sys.stdout.write(repr(value) + "\n")


def _excepthook(kind, value, traceback):
    from mkernel.task import print_exception

    print_exception(value, _sys.stderr)


class _Sys:
    api_version = 1013
    hexversion = 0x030B02F0
    maxunicode = 0x10FFFF
    float_repr_style = "short"
    abiflags = ""
    platlibdir = "lib"
    prefix = exec_prefix = base_prefix = base_exec_prefix = ""
    executable = ""
    pycache_prefix = None
    dont_write_bytecode = True
    builtin_module_names = ()
    flags = _made(
        "flags",
        debug=0, inspect=0, interactive=0, optimize=0, dont_write_bytecode=1, no_user_site=1, no_site=1,
        ignore_environment=1, verbose=0, bytes_warning=0, quiet=0, hash_randomization=0, isolated=1,
        dev_mode=False, utf8_mode=1, warn_default_encoding=0, safe_path=True, int_max_str_digits=4300,
    )  # fmt: skip
    float_info = _made(
        "float_info", max=1.7976931348623157e308, max_exp=1024, max_10_exp=308, min=2.2250738585072014e-308,
        min_exp=-1021, min_10_exp=-307, dig=15, mant_dig=53, epsilon=2.220446049250313e-16, radix=2, rounds=1,
    )  # fmt: skip
    int_info = _made(
        "int_info",
        bits_per_digit=32, sizeof_digit=4, default_max_str_digits=4300, str_digits_check_threshold=640
    )  # fmt: skip
    hash_info = _made(
        "hash_info", width=64, modulus=(1 << 61) - 1, inf=314159, nan=0, imag=1000003, algorithm="djb2",
        hash_bits=64, seed_bits=0, cutoff=0,
    )  # fmt: skip
    thread_info = _made("thread_info", name="pthread", lock=None, version=None)

    def getsizeof(object, default=None):
        """Estimate the bytes of an object without what it refers to."""
        try:
            return 16 + 8 * len(object)
        except TypeError:
            return 16

    def getrecursionlimit():
        return _limits["recursion"]

    def setrecursionlimit(limit):
        """Keep the number: what ends a recursion is the size of the stack."""
        if limit < 1:
            raise ValueError("recursion limit must be greater or equal than 1")
        _limits["recursion"] = limit

    def getdefaultencoding():
        return "utf-8"

    def getfilesystemencoding():
        return "utf-8"

    def getfilesystemencodeerrors():
        return "surrogateescape"

    def get_asyncgen_hooks():
        return _hooks[0]

    def set_asyncgen_hooks(firstiter=Ellipsis, finalizer=Ellipsis):
        old = _hooks[0]
        _hooks[0] = _Hooks(
            old.firstiter if firstiter is Ellipsis else firstiter,
            old.finalizer if finalizer is Ellipsis else finalizer,
        )

    def get_coroutine_origin_tracking_depth():
        return 0

    def set_coroutine_origin_tracking_depth(depth):
        """Origins are not recorded."""

    def gettrace():
        return None

    def getprofile():
        return None

    def is_finalizing():
        return False

    def intern(string):
        """Return the string: equal ones need not be the same."""
        if not isinstance(string, str):
            raise TypeError("intern() argument must be str, not " + type(string).__name__)
        return string

    def audit(event, *args):
        pass

    def addaudithook(hook):
        pass

    displayhook = __displayhook__ = _displayhook
    excepthook = __excepthook__ = _excepthook
    __stdin__, __stdout__, __stderr__ = _sys.stdin, _sys.stdout, _sys.stderr
    warnoptions, path_hooks = [], []
    _xoptions, path_importer_cache = {}, {}


EXTENSIONS = ((_sys, _Sys),)
