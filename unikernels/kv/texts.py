"""Commands on texts."""

from commands import added, command, integer, real, shown, span
from resp import OK, ReplyError

LONGEST = 1 << 20  # bytes of a text that SETRANGE or APPEND make


@command("get", 2)
def get(store, key):
    return store.get(key)


@command("set", -3, grows=True)
def set_(store, key, value, *options):
    options = [option.upper() for option in options]
    due, keep, only, old = parse_options(store, options)
    before = store.get(key) if old else None
    exists = store.any(key) is not None
    if only and exists != (only == b"XX"):
        return before
    if keep and exists:
        store.change(key, value)
    else:
        store.put(key, value)
    if due is not None:
        store.expire_at(key, due)
    return before if old else OK


def parse_options(store, options):
    """Return the time of expiry, and whether KEEPTTL, NX or XX, and GET are there."""
    due, keep, only, old = None, False, None, False
    while options:
        option = options.pop(0)
        if option in UNITS and options and due is None:
            due = moment(store, option, options.pop(0))
        elif option in (b"NX", b"XX") and only in (None, option):
            only = option
        elif option == b"KEEPTTL":
            keep = True
        elif option == b"GET":
            old = True
        else:
            raise ReplyError("ERR syntax error")
    if keep and due is not None:
        raise ReplyError("ERR syntax error")
    return due, keep, only, old


UNITS = {b"EX": (1, True), b"PX": (1000, True), b"EXAT": (1, False), b"PXAT": (1000, False)}


def moment(store, option, text):
    """Return the time that an option of SET names, in seconds of the wall clock."""
    parts, relative = UNITS[option]
    value = integer(text)
    if value <= 0:
        raise ReplyError("ERR invalid expire time in 'set' command")
    return value / parts + (store.now() if relative else 0)


@command("setex", 4, grows=True)
def setex(store, key, seconds, value):
    return set_(store, key, value, b"EX", seconds)


@command("psetex", 4, grows=True)
def psetex(store, key, milliseconds, value):
    return set_(store, key, value, b"PX", milliseconds)


@command("setnx", 3, grows=True)
def setnx(store, key, value):
    return int(set_(store, key, value, b"NX") is OK)


@command("getset", 3, grows=True)
def getset(store, key, value):
    return set_(store, key, value, b"GET")


@command("getdel", 2, writes=True)
def getdel(store, key):
    value = store.get(key)
    store.delete(key)
    return value


@command("mget", -2)
def mget(store, *keys):
    return [value if isinstance(value := store.any(key), bytes) else None for key in keys]


@command("mset", -3, grows=True)
def mset(store, *pairs):
    if len(pairs) % 2:
        raise ReplyError("ERR wrong number of arguments for 'mset' command")
    for key, value in zip(pairs[::2], pairs[1::2]):
        store.put(key, value)
    return OK


@command("append", 3, grows=True)
def append(store, key, text):
    value = (store.get(key) or b"") + text
    if len(value) > LONGEST:
        raise ReplyError("ERR string exceeds maximum allowed size")
    store.change(key, value)
    return len(value)


@command("strlen", 2)
def strlen(store, key):
    return len(store.get(key) or b"")


@command("getrange", 4)
def getrange(store, key, start, stop):
    value = store.get(key) or b""
    first, last = span(start, stop, len(value))
    return value[first:last]


def add(store, key, amount):
    value = added(integer(store.get(key) or b"0"), amount)
    store.change(key, b"%d" % value)
    return value


@command("incr", 2, grows=True)
def incr(store, key):
    return add(store, key, 1)


@command("decr", 2, grows=True)
def decr(store, key):
    return add(store, key, -1)


@command("incrby", 3, grows=True)
def incrby(store, key, amount):
    return add(store, key, integer(amount))


@command("decrby", 3, grows=True)
def decrby(store, key, amount):
    return add(store, key, -integer(amount))


@command("incrbyfloat", 3, grows=True)
def incrbyfloat(store, key, amount):
    value = shown(real(store.get(key) or b"0") + real(amount))
    store.change(key, value)
    return value
