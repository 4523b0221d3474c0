# CPython's family of OSError: its classes by errno, on CPython the real ones, on MicroPython ours.

import builtins

from mkernel import errors
from support import raises

FAMILY = builtins.__dict__
NAMES = {
    32: "BrokenPipeError",
    104: "ConnectionResetError",
    103: "ConnectionAbortedError",
    111: "ConnectionRefusedError",
    11: "BlockingIOError",
    115: "BlockingIOError",
    110: "TimeoutError",
    2: "FileNotFoundError",
    17: "FileExistsError",
    13: "PermissionError",
    4: "InterruptedError",
}


def test_the_class_follows_from_the_number():
    for number, name in NAMES.items():
        error = errors.oserror(number)
        assert type(error) is FAMILY[name] and isinstance(error, OSError)
        assert error.errno == number
    assert isinstance(errors.oserror(98), OSError) and type(errors.oserror(98)).__name__ == "OSError"


def test_the_connection_errors_have_a_base():
    for number in (32, 103, 104, 111):
        assert isinstance(errors.oserror(number), FAMILY["ConnectionError"])


def test_text():
    assert str(errors.oserror(104)) == "[Errno 104] Connection reset by peer"
    assert str(errors.oserror(110, "10.0.0.1")) == "[Errno 110] Connection timed out: 10.0.0.1"
    assert "77" in str(errors.oserror(77))
    assert str(errors.oserror(113)) == "[Errno 113] No route to host"
    assert str(errors.oserror(101, "10.9.9.9")) == "[Errno 101] Network is unreachable: 10.9.9.9"
    assert errors.oserror(104).args == (104, "Connection reset by peer")
    assert errors.oserror(32).strerror == "Broken pipe"


def test_a_timeout_is_a_timeout_error():
    error = errors.timed_out()
    assert isinstance(error, FAMILY["TimeoutError"]) and isinstance(error, OSError)
    assert str(error) == "timed out" and error.errno is None


def test_they_can_be_raised_and_caught_by_any_base():
    def fail():
        raise errors.oserror(104)

    for base in ("ConnectionResetError", "ConnectionError"):
        raises(FAMILY[base], fail)
    raises(OSError, fail)
