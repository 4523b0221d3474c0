"""Commands on keys of any type."""

import fnmatch

from commands import command, integer
from resp import OK, ReplyError, Status
from store import TYPES


@command("del", -2, writes=True)
def delete(store, *keys):
    return sum(store.any(key) is not None and store.delete(key) for key in keys)


@command("unlink", -2, writes=True)
def unlink(store, *keys):
    return delete(store, *keys)


@command("exists", -2)
def exists(store, *keys):
    return sum(store.any(key) is not None for key in keys)


@command("type", 2)
def type_(store, key):
    value = store.any(key)
    return Status("none" if value is None else TYPES[type(value)])


@command("keys", 2)
def keys(store, pattern):
    return matching(store.keys(), pattern)


def matching(keys, pattern):
    """Return the keys that a pattern of the shell matches."""
    if pattern == b"*":
        return keys
    pattern = pattern.decode("latin-1").replace("[^", "[!")
    return [key for key in keys if fnmatch.fnmatchcase(key.decode("latin-1"), pattern)]


@command("scan", -2)
def scan(store, cursor, *options):
    """The cursor counts keys in the order in which they were set: what is there from the first call to the
    last is returned."""
    count, pattern, kind = 10, b"*", None
    for name, value in zip(options[::2], options[1::2]):
        if name.upper() == b"COUNT":
            count = max(1, integer(value))
        elif name.upper() == b"MATCH":
            pattern = value
        elif name.upper() == b"TYPE":
            kind = value.decode("latin-1")
        else:
            raise ReplyError("ERR syntax error")
    if len(options) % 2:
        raise ReplyError("ERR syntax error")
    start = integer(cursor)
    every = store.keys()
    found = matching(every[start : start + count], pattern)
    if kind:
        found = [key for key in found if TYPES[type(store.values[key])] == kind]
    return [b"%d" % (start + count if start + count < len(every) else 0), found]


@command("rename", 3, writes=True)
def rename(store, key, new):
    value = store.any(key)
    if value is None:
        raise ReplyError("ERR no such key")
    due = store.expiry.get(key)
    store.delete(key)
    store.put(new, value)
    if due is not None:
        store.expire_at(new, due)
    return OK


@command("dbsize", 1)
def dbsize(store):
    return len(store.keys())


@command("flushall", -1, writes=True)
def flushall(store, *_mode):
    store.clear()
    return OK


@command("flushdb", -1, writes=True)
def flushdb(store, *_mode):
    return flushall(store)


def expire_at(store, key, due):
    if store.any(key) is None:
        return 0
    if due <= store.now():
        store.delete(key)
    else:
        store.expire_at(key, due)
    return 1


@command("expire", 3, writes=True)
def expire(store, key, seconds):
    return expire_at(store, key, store.now() + integer(seconds))


@command("pexpire", 3, writes=True)
def pexpire(store, key, milliseconds):
    return expire_at(store, key, store.now() + integer(milliseconds) / 1000)


@command("expireat", 3, writes=True)
def expireat(store, key, seconds):
    return expire_at(store, key, integer(seconds))


@command("pexpireat", 3, writes=True)
def pexpireat(store, key, milliseconds):
    return expire_at(store, key, integer(milliseconds) / 1000)


@command("persist", 2, writes=True)
def persist(store, key):
    return int(store.any(key) is not None and store.expiry.pop(key, None) is not None)


@command("ttl", 2)
def ttl(store, key):
    left = pttl(store, key)
    return left if left < 0 else (left + 500) // 1000


@command("pttl", 2)
def pttl(store, key):
    if store.any(key) is None:
        return -2
    due = store.expiry.get(key)
    return -1 if due is None else max(0, int((due - store.now()) * 1000))
