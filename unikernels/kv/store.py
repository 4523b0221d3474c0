"""Keys, values of Redis's five types, expiry, and a count of the bytes that they take."""

import heapq
import time
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Callable, Iterator

from resp import ReplyError

PER_KEY, PER_ELEMENT = 96, 48  # bytes beside the data itself, roughly, on CPython and in an image
WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value"


class SortedSet:
    """Members with a score each, in the order of scores, then of members."""

    def __init__(self) -> None:
        self.scores: dict[bytes, float] = {}
        self.order: list[tuple[float, bytes]] = []

    def __len__(self) -> int:
        return len(self.order)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.scores)

    def add(self, member: bytes, score: float) -> bool:
        """Set the score of a member; False if it was there."""
        is_new = self.remove(member) is None
        self.scores[member] = score
        insort(self.order, (score, member))
        return is_new

    def remove(self, member: bytes) -> float | None:
        """Remove a member; returns its score."""
        score = self.scores.pop(member, None)
        if score is not None:
            del self.order[bisect_left(self.order, (score, member))]
        return score

    def rank(self, member: bytes) -> int | None:
        score = self.scores.get(member)
        return None if score is None else bisect_left(self.order, (score, member))


TYPES = {bytes: "string", deque: "list", dict: "hash", set: "set", SortedSet: "zset"}


def size(value: object) -> int:
    """Return the bytes of a value, about."""
    if isinstance(value, bytes):
        return len(value)
    if isinstance(value, SortedSet):
        return sum(len(member) + 2 * PER_ELEMENT for member in value)
    if isinstance(value, dict):
        return sum(len(name) + len(each) + 2 * PER_ELEMENT for name, each in value.items())
    return sum(len(each) + PER_ELEMENT for each in value)  # type: ignore[attr-defined]


class Store:
    """The keys of one database. Times are those of the wall clock in seconds: they outlive the process."""

    def __init__(self, limit: int, now: Callable[[], float] = time.time):
        self.values: dict[bytes, object] = {}
        self.expiry: dict[bytes, float] = {}
        self.due: list[tuple[float, bytes]] = []  # a heap; what `expiry` does not confirm is outdated
        self.used = 0
        self.limit = limit
        self.now = now
        self.expired = 0

    def get(self, key: bytes, kind: type = bytes) -> object | None:
        """Return the value of a key, None if there is none; another type is an error."""
        if self.expiry and self.is_expired(key):
            return None
        value = self.values.get(key)
        if value is not None and type(value) is not kind:
            raise ReplyError(WRONG_TYPE)
        return value

    def any(self, key: bytes) -> object | None:
        """Return the value of a key, whatever its type."""
        return None if self.is_expired(key) else self.values.get(key)

    def is_expired(self, key: bytes) -> bool:
        """Remove the key if its time is over."""
        if self.expiry.get(key, self.now() + 1) > self.now():
            return False
        self.delete(key)
        self.expired += 1
        return True

    def make(self, key: bytes, kind: type) -> object:
        """Return the container under a key, an empty new one if there is none."""
        value = self.get(key, kind)
        if value is None:
            value = self.values[key] = kind()
            self.used += len(key) + PER_KEY
        return value

    def put(self, key: bytes, value: object) -> None:
        """Replace whatever is under a key, its expiry too."""
        self.delete(key)
        self.values[key] = value
        self.used += len(key) + PER_KEY + size(value)

    def change(self, key: bytes, value: object) -> None:
        """Replace a value, and keep its expiry."""
        due = self.expiry.get(key)
        self.put(key, value)
        if due is not None:
            self.expiry[key] = due

    def expire_at(self, key: bytes, due: float) -> None:
        self.expiry[key] = due
        heapq.heappush(self.due, (due, key))
        if len(self.due) > 2 * len(self.expiry) + 1000:
            self.due = [(when, each) for each, when in self.expiry.items()]
            heapq.heapify(self.due)

    def delete(self, key: bytes) -> bool:
        value = self.values.pop(key, None)
        self.expiry.pop(key, None)
        if value is None:
            return False
        self.used -= len(key) + PER_KEY + size(value)
        return True

    def drop_empty(self, key: bytes) -> None:
        """Remove a container without elements: Redis has none."""
        if not self.values.get(key, True):
            self.delete(key)

    def clear(self) -> None:
        self.values.clear()
        self.expiry.clear()
        self.due.clear()
        self.used = 0

    def expire(self) -> None:
        """Remove every key whose time is over."""
        while self.due and self.due[0][0] <= self.now():
            self.is_expired(heapq.heappop(self.due)[1])

    def keys(self) -> list[bytes]:
        self.expire()
        return list(self.values)
