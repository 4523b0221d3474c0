"""The commands: each a function of the store and its words, which returns the reply."""

from collections.abc import Callable
from dataclasses import dataclass

from resp import OK, ReplyError, Status
from store import Store


@dataclass(frozen=True)
class Command:
    run: Callable[..., object]
    words: int  # with the name; negative: at least so many
    writes: bool
    grows: bool  # it may need memory


COMMANDS: dict[bytes, Command] = {}
PONG = Status("PONG")


def command(name: str, words: int, writes: bool = False, grows: bool = False) -> Callable:
    def register(function: Callable[..., object]) -> Callable[..., object]:
        COMMANDS[name.encode()] = Command(function, words, writes or grows, grows)
        return function

    return register


def find(words: list[bytes]) -> Command:
    name = words[0].lower()
    found = COMMANDS.get(name)
    if found is None:
        shown = words[0][:128].decode("latin-1")
        begin = " ".join(f"'{word[:128].decode('latin-1')}'" for word in words[1:4])
        raise ReplyError(f"ERR unknown command '{shown}', with args beginning with: {begin}")
    if len(words) != found.words if found.words > 0 else len(words) < -found.words:
        raise ReplyError(f"ERR wrong number of arguments for '{name.decode()}' command")
    return found


def execute(store: Store, words: list[bytes]) -> object:
    """Run a command and return its reply."""
    return run(find(words), store, words)


def run(found: Command, store: Store, words: list[bytes]) -> object:
    if found.grows and store.used > store.limit:
        raise ReplyError("OOM command not allowed when used memory > 'maxmemory'.")
    return found.run(store, *words[1:])


def integer(text: bytes) -> int:
    """Return a number of 64 bits."""
    digits = text[1:] if text[:1] == b"-" else text
    if digits.isdigit() and len(digits) < 20 and (digits == b"0" or digits[:1] != b"0"):
        value = int(text)
        if -(1 << 63) <= value < 1 << 63:
            return value
    raise ReplyError("ERR value is not an integer or out of range")


def added(number: int, amount: int) -> int:
    value = number + amount
    if not -(1 << 63) <= value < 1 << 63:
        raise ReplyError("ERR increment or decrement would overflow")
    return value


def at_most(text: bytes | None) -> int:
    """Return how many elements a command removes: one without a count."""
    many = 1 if text is None else integer(text)
    if many < 0:
        raise ReplyError("ERR value is out of range, must be positive")
    return many


def real(text: bytes) -> float:
    try:
        value = float(text.decode())
    except ValueError:
        value = float("nan")
    if value != value:
        raise ReplyError("ERR value is not a valid float")
    return value


def shown(value: float) -> bytes:
    """Return a float as Redis writes it."""
    if value == int(value) if abs(value) < 1e17 else False:
        return b"%d" % int(value)
    return repr(value).encode()


def span(start: bytes, stop: bytes, length: int) -> tuple[int, int]:
    """Return the bounds of a range whose ends are included and count from the end if negative."""
    first, last = integer(start), integer(stop)
    first = max(first + length if first < 0 else first, 0)
    last = min(last + length if last < 0 else last, length - 1)
    return first, max(last + 1, first)


@command("ping", -1)
def ping(_store, *words):
    return words[0] if words else PONG


@command("echo", 2)
def echo(_store, text):
    return text


@command("select", 2)
def select(_store, index):
    if integer(index) != 0:
        raise ReplyError("ERR DB index is out of range")
    return OK


@command("command", -1)
def command_(_store, *_words):
    return []
