# Of test.support what the chosen tests use. Decorators for CPython's implementation skip.

import unittest

verbose = False
MAX_Py_ssize_t = 2**63 - 1
SOCK_MAX_SIZE = 16 * 1024 * 1024 + 1
_1G, _2G, _4G = 2**30, 2**31, 2**32
SHORT_TIMEOUT = LONG_TIMEOUT = LOOPBACK_TIMEOUT = INTERNET_TIMEOUT = 30
control_characters_c0 = [chr(code) for code in range(32)] + ["\x7f"]
Py_DEBUG = is_emscripten = is_wasi = False
MS_WINDOWS = False
PIPE_MAX_SIZE = 4 * 1024 * 1024 + 1
TEST_HOME_DIR = __file__.rpartition("/support/")[0]  # run.py puts files there
TEST_HTTP_URL = "http://www.pythontest.net"
real_max_memuse = 0
unix_shell = None
MISSING_C_DOCSTRINGS = True
has_subprocess_support = False
has_strftime_extensions = True


class Error(Exception):
    pass


class TestFailed(Error):
    pass


class _Always:
    def __init__(self, equal):
        self.equal = equal

    def __eq__(self, other):
        return self.equal

    def __ne__(self, other):
        return not self.equal


ALWAYS_EQ, NEVER_EQ = _Always(True), _Always(False)


def cpython_only(test):
    return unittest.skip("about CPython's implementation")(test)


refcount_test = cpython_only


def impl_detail(reason=None, **guards):
    return unittest.skip("about CPython's implementation")


def _skipping(reason):
    def decorator(*args, **kwargs):
        return unittest.skip(reason)

    return decorator


bigmemtest = _skipping("needs much memory")
requires_resource = run_with_locale = requires_IEEE_754 = None


def bigaddrspacetest(test):
    return unittest.skip("needs much memory")(test)


def requires_IEEE_754(test):
    return test


def requires_resource(name):
    return unittest.skip("needs the resource " + name)


def run_with_locale(*args):
    return unittest.skip("there are no locales")


def run_with_tz(*args):
    return unittest.skip("there are no time zones")


def check_impl_detail(**guards):
    return False


def gc_collect():
    import gc

    gc.collect()


def check_syntax_error(case, statement, *args, **kwargs):
    raise unittest.SkipTest("compile() in the guest is MicroPython's")


def check_free_after_iterating(*args, **kwargs):
    raise unittest.SkipTest("about CPython's reference counts")


class _Captured:
    """Replaces sys.stdout or another file of sys by an io.StringIO."""

    def __init__(self, name):
        self.name = name

    def __enter__(self):
        import io
        import sys

        self.before = getattr(sys, self.name)
        made = io.StringIO()
        setattr(sys, self.name, made)
        return made

    def __exit__(self, *error):
        import sys

        setattr(sys, self.name, self.before)
        return False


def captured_output(name):
    return _Captured(name)


def captured_stdout():
    return _Captured("stdout")


def captured_stderr():
    return _Captured("stderr")


def captured_stdin():
    return _Captured("stdin")


def check_disallow_instantiation(*args):
    raise unittest.SkipTest("about CPython's implementation")


requires_legacy_unicode_capi = cpython_only


def requires_fork():
    return unittest.skip("there are no processes")


requires_subprocess = requires_fork
has_fork_support = False


def reap_children():
    pass


def setswitchinterval(interval):
    pass


def requires_working_socket(module=False):
    return None if module else skip_if_pgo_task


class SuppressCrashReport:
    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False


def skip_if_pgo_task(test):
    return test


no_tracing = skip_if_pgo_task


def adjust_int_max_str_digits(limit):
    raise unittest.SkipTest("there is no limit of digits")


def infinite_recursion(limit=75):
    return unittest._Nothing()


def requires(resource, msg=None):
    if resource not in ("network",):
        raise unittest.SkipTest("needs the resource " + resource)


def requires_mac_ver(*version):
    return skip_if_pgo_task


class catch_unraisable_exception:
    def __init__(self):
        raise unittest.SkipTest("there is no sys.unraisablehook")


def is_resource_enabled(resource):
    return resource == "network"


def requires_linux_version(*version):
    return skip_if_pgo_task


requires_freebsd_version = requires_linux_version


is_android = False


class _Extreme:
    """Greater, or smaller, than everything else."""

    def __init__(self, greater):
        self.greater = greater

    def __eq__(self, other):
        return self is other

    def __lt__(self, other):
        return self is not other and not self.greater

    def __gt__(self, other):
        return self is not other and self.greater

    def __le__(self, other):
        return self is other or not self.greater

    def __ge__(self, other):
        return self is other or self.greater


LARGEST, SMALLEST = _Extreme(True), _Extreme(False)


def skip_if_buggy_ucrt_strfptime(test):
    return test


def get_attribute(obj, name):
    if not hasattr(obj, name):
        raise unittest.SkipTest("there is no " + name)
    return getattr(obj, name)


def _skips(reason):
    def skipping(*args, **kwargs):
        raise unittest.SkipTest(reason)

    return skipping


check_sizeof = calcobjsize = calcvobjsize = _skips("about CPython's implementation")
wait_process = _skips("there are no processes")
open_urlresource = _skips("needs the Internet")
optim_args_from_interpreter_flags = _skips("there are no processes")
system_must_validate_cert = skip_if_pgo_task


def run_unittest(*kinds):
    raise unittest.SkipTest("the runner takes all classes of a module")


run_doctest = run_unittest


def requires_gzip(reason=""):
    return skip_if_pgo_task


requires_zlib = requires_gzip


def requires_bz2(reason="there is no bz2"):
    return unittest.skip(reason)


requires_lzma = requires_bz2


def skip_if_sanitizer(*args, **kinds):
    return skip_if_pgo_task


def skip_if_broken_multiprocessing_synchronize():
    raise unittest.SkipTest("there are no processes")


def findfile(filename, subdir=None):
    import os

    if os.path.isabs(filename):
        return filename
    if subdir is not None:
        filename = os.path.join(subdir, filename)
    return os.path.join(TEST_HOME_DIR, filename)


def check__all__(case, module, name_of_module=None, extra=(), not_exported=()):
    names = (module.__name__,) if name_of_module is None else name_of_module
    names = (names,) if isinstance(names, str) else names
    expected = set(extra)
    for name in dir(module):
        if name.startswith("_") or name in not_exported:
            continue
        value = getattr(module, name)
        if getattr(value, "__module__", None) in names:
            expected.add(name)
    case.assertLessEqual(expected, set(module.__all__))


def detect_api_mismatch(ref, other, *, ignore=()):
    missing = set(dir(ref)) - set(dir(other)) - set(ignore)
    return {name for name in missing if not name.startswith("_") or name.endswith("__")}


def patch(case, object_to_patch, name, value):
    before = getattr(object_to_patch, name)
    case.addCleanup(setattr, object_to_patch, name, before)
    setattr(object_to_patch, name, value)


class swap_item:
    def __init__(self, obj, key, value):
        self.obj, self.key, self.value = obj, key, value

    def __enter__(self):
        self.had = self.key in self.obj
        self.before = self.obj.get(self.key)
        self.obj[self.key] = self.value
        return self.before

    def __exit__(self, *error):
        if self.had:
            self.obj[self.key] = self.before
        else:
            self.obj.pop(self.key, None)


class Matcher:
    """Whether a record, a dict, has the values asked for; of texts a part is enough."""

    _partial_matches = ("msg", "message")

    def matches(self, record, **wanted):
        for key, value in wanted.items():
            found = record.get(key)
            partial = isinstance(found, str) and isinstance(value, str) and key in self._partial_matches
            if not (value in found if partial else found == value):
                return False
        return True


def run_in_subinterp(code):
    raise unittest.SkipTest("there are no subinterpreters")


class swap_attr:
    def __init__(self, obj, name, value):
        self.obj, self.name, self.value = obj, name, value

    def __enter__(self):
        self.before = getattr(self.obj, self.name)
        setattr(self.obj, self.name, self.value)
        return self.before

    def __exit__(self, *error):
        setattr(self.obj, self.name, self.before)


def check_sanitizer(**kinds):
    return False


def load_package_tests(*args):
    raise unittest.SkipTest("there is no test loader")


def maybe_get_event_loop_policy():
    import asyncio

    return asyncio.events._event_loop_policy


class disable_gc:
    def __enter__(self):
        import gc

        gc.disable()

    def __exit__(self, *error):
        import gc

        gc.enable()


def requires_docstrings(test):
    return unittest.skip("docstrings are kept in files that ask for them")(test)


HAVE_DOCSTRINGS = False


def __getattr__(name):
    """What else CPython's has, for a test or as a decorator: that is skipped."""
    if name[:2] == "__" or name.endswith("_helper"):  # a module of the package
        raise AttributeError(name)
    return unittest.Missing("test.support." + name)
