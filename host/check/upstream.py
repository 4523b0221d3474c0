"""MicroPython's own test suite on its unix build with our patches and C modules.

With the bytecode and the native emitter, because images hold both. Its runner skips features that the
build lacks (btree, ssl, settrace ...); the number of passed tests has a floor, so that a suite cannot
silently become empty."""

import re
import subprocess
import sys
from dataclasses import dataclass

from host.build import micropython
from host.errors import HostError
from host.paths import BUILD
from host.proc import build_env
from host.report import say

SUITES = ["basics", "extmod", "float", "import", "io", "micropython", "misc", "stress", "unicode"]
EXCLUDED = "|".join(
    [
        # Need micropython-lib's unittest, which Debian's source lacks.
        r"extmod/(machine1|marshal_micropython|vfs_rom)\.py",
        r"extmod/select_poll_fd\.py",  # needs a terminal as stdin
        # Assert formatting that differs from CPython's; port/overlay/py formats as CPython.
        r"float/(float_format_ftoe|string_format_modulo3)\.py",
        r"misc/non_compliant\.py",
        r"extmod/json_dumps_extra\.py",  # expects bytes to be serialised as strings
        r"stress/qstr_limit\.py",  # expects a limit on the length of a mapping's keys
        # Print exceptions as MicroPython does: the comma of a tuple, plain OSError, no chains.
        r"basics/(deque_micropython|errno1|exception_chain|generator_pend_throw|python34)\.py",
        r"extmod/(asyncio_gather|asyncio_gather_notimpl|vfs_lfs_mount|vfs_posix_enoent)\.py",
        r"micropython/(extreme_exc|native_gen|viper_error|viper_misc3)\.py",
        # Print a message in CPython's words here.
        r"micropython/(heapalloc_exc_compressed|heapalloc_exc_compressed_emg_exc|native_with|opt_level_lineno|viper_with)\.py",
        # Print classes without their modules.
        r"basics/(class_super|subclass_native_exc_new)\.py",
        r"stress/recursive_data\.py",  # the repr of a list within itself is CPython's
        r"extmod/select_poll_custom\.py",
        r"basics/struct_micropython\.py",  # type codes that CPython's struct refuses
        # Await plain generators, as MicroPython's own asyncio does; images have CPython's.
        r"basics/(async_await2|async_for2|async_with2)\.py",
        r"extmod/(asyncio_event|asyncio_event_fair|asyncio_gather_finished_early|asyncio_lock|asyncio_lock_cancel)\.py",
        r"micropython/ringio_async\.py",
        # Expect functions without attributes and without __code__.
        r"basics/(fun_code|fun_code_micropython)\.py",
        r"micropython/(native_fun_attrs|native_fun_attrs_code)\.py",
        # Print built-in functions without their names and their type.
        r"basics/builtin_help\.py",
        r"import/builtin_ext\.py",
        # Do what is an error here as on CPython: arrays of objects and pointers, items of a bytearray below 0
        # (what uctypes gives for an array of UINT8 is one), a memoryview of a string.
        r"basics/array_micropython\.py",
        r"extmod/uctypes_array_load_store\.py",
        r"micropython/builtin_execfile\.py",
        r"basics/builtin_str_hex\.py",  # expects fromhex() to say less than CPython's of what it did not find
        r"basics/memoryview_slice_size\.py",  # expects offsets up to 2**56; they have a bit less
        r"basics/(int_bytes|int_bytes_int64|int_bytes_intbig)\.py",  # expect to_bytes() to be signed at need
        r"micropython/ringio\.py",  # expects an object's repr to lack its address
        r"basics/module2\.py",  # expects that nothing can be stored in sys
        # sys.tracebacklimit keeps the innermost frames, as in CPython's C; the test expects the outermost.
        r"basics/sys_tracebacklimit\.py",
    ]
)
EMITTERS = {"bytecode": 849, "native": 833}  # and the least number of tests of 1.25.0 that pass
RESULTS = BUILD / "test" / "upstream"
PASSED = re.compile(r"^(\d+) tests passed$", re.MULTILINE)
FAILED = re.compile(r"^(\d+) tests failed: ", re.MULTILINE)
SKIPPED = re.compile(r"^(\d+) tests skipped: ", re.MULTILINE)


@dataclass(frozen=True)
class Count:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)


def count(output: str, code: int, least: int) -> Count:
    """Parse the runner's last lines. A run that stopped early or found few tests has failed."""
    passed, failed, skipped = (
        int(match[1]) if (match := pattern.search(output)) else 0 for pattern in (PASSED, FAILED, SKIPPED)
    )
    return Count(passed, failed or int(code != 0 or passed < least), skipped)


def emitted(emitter: str, least: int) -> Count:
    """Run with one code emitter; print only tests that did not pass."""
    tests = micropython.SOURCE / "tests"
    argv = [sys.executable, "run-tests.py", f"--result-dir={RESULTS}", "--emit", emitter, "-e", EXCLUDED]
    env = build_env({"MICROPY_MICROPYTHON": str(micropython.UNIX), "MICROPY_CPYTHON3": sys.executable})
    done = subprocess.run(
        [*argv, "-d", *SUITES],
        cwd=tests,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    result = count(done.stdout, done.returncode, least)
    say(f"{emitter}: {result.passed} passed, {result.failed} failed, {result.skipped} skipped")
    if result.failed:
        print("\n".join(done.stdout.splitlines()[-40:]), flush=True)
    return result


def run() -> Count:
    """Run all of it."""
    micropython.unix()
    RESULTS.mkdir(parents=True, exist_ok=True)
    return sum((emitted(emitter, least) for emitter, least in EMITTERS.items()), Count())


def check() -> None:
    """Run `invoke upstream`: a failure is an error."""
    if run().failed:
        raise HostError("MicroPython's own tests fail on our build: see the list above")
