"""An append-only file: the commands that changed something, in RESP, as Redis writes its own."""

import logging
import os

from commands import execute
from resp import ProtocolError, ReplyError, Requests, encode
from store import SortedSet, Store

LARGEST = 1 << 24  # bytes of one command
PIECE = 1 << 16  # bytes read at once
PER_COMMAND = 64  # elements in one command of a rewritten file
SETS = {b"set", b"setex", b"psetex", b"setnx", b"getset", b"incrbyfloat"}
EXPIRES = {b"expire", b"pexpire", b"expireat"}


class Journal:
    """The file. A command that is only half there, because the machine stopped, ends it."""

    def __init__(self, path: str, store: Store):
        self.path = path
        self.store = store
        self.size = self.replay() if os.path.exists(path) else 0
        self.rewrite()
        self.file = open(path, "ab")

    def replay(self) -> int:
        """Execute the file's commands; returns its size."""
        size = commands = 0
        requests = Requests(LARGEST)
        with open(self.path, "rb") as file:
            while piece := file.read(PIECE):
                size += len(piece)
                requests.feed(piece)
                try:
                    while words := requests.next():
                        execute(self.store, words)
                        commands += 1
                except (ProtocolError, ReplyError) as error:
                    logging.error("%s: ends after %d commands: %s", self.path, commands, error)
                    return size
        logging.info(
            "%s: %d commands of %d bytes, %d keys", self.path, commands, size, len(self.store.values)
        )
        return size

    def rewrite(self) -> None:
        """Replace the file by the shortest one with the same content."""
        fresh = self.path + ".new"
        with open(fresh, "wb") as file:
            for key in self.store.keys():
                for words in state(self.store, key):
                    file.write(encode(words))
        os.replace(fresh, self.path)

    def write(self, words: list[bytes], reply: object) -> None:
        """Append what a command did. What depends on the moment or on chance is written as its result."""
        name = words[0].lower()
        if name == b"spop":
            members = reply if isinstance(reply, list) else [reply]
            effects = [[b"SREM", words[1], *members]] if reply else []
        elif name in SETS or name in EXPIRES:
            effects = state(self.store, words[1]) if name in SETS else expiry(self.store, words[1])
            effects = effects or [[b"DEL", words[1]]]
        else:
            effects = [words]
        for each in effects:
            self.file.write(encode(each))

    def sync(self) -> None:
        self.file.flush()
        os.fsync(self.file.fileno())

    def close(self) -> None:
        self.sync()
        self.file.close()


def expiry(store: Store, key: bytes) -> list[list[bytes]]:
    due = store.expiry.get(key)
    return [] if due is None else [[b"PEXPIREAT", key, b"%d" % int(due * 1000)]]


def state(store: Store, key: bytes) -> list[list[bytes]]:
    """Return the commands that make a key what it is."""
    value = store.any(key)
    if value is None:
        return []
    if isinstance(value, bytes):
        made = [[b"SET", key, value]]
    elif isinstance(value, dict):
        made = in_pieces(b"HSET", key, [each for pair in value.items() for each in pair])
    elif isinstance(value, SortedSet):
        made = in_pieces(b"ZADD", key, [each for score, name in value.order for each in (exact(score), name)])
    else:
        made = in_pieces(b"SADD" if isinstance(value, set) else b"RPUSH", key, list(value))
    return made + expiry(store, key)


def exact(score: float) -> bytes:
    return repr(score).encode()


def in_pieces(name: bytes, key: bytes, elements: list[bytes]) -> list[list[bytes]]:
    return [
        [name, key, *elements[start : start + PER_COMMAND]] for start in range(0, len(elements), PER_COMMAND)
    ]
