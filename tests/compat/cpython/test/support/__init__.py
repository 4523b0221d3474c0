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
TestFailed = AssertionError


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


class _Output:
    def __enter__(self):
        raise unittest.SkipTest("sys.stdout is not replaced")

    def __exit__(self, *error):
        return False


def captured_stdout():
    return _Output()


captured_stderr = captured_output = captured_stdout


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
    return _Output()


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
