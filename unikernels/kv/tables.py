"""Commands on hashes and sets."""

import random

from commands import added, at_most, command, integer
from resp import ReplyError
from store import PER_ELEMENT


@command("hset", -4, grows=True)
def hset(store, key, *pairs):
    if len(pairs) % 2:
        raise ReplyError("ERR wrong number of arguments for 'hset' command")
    table = store.make(key, dict)
    before = len(table)
    for name, value in zip(pairs[::2], pairs[1::2]):
        old = table.get(name)
        store.used += len(value) - len(old) if old is not None else len(name) + len(value) + 2 * PER_ELEMENT
        table[name] = value
    return len(table) - before


@command("hget", 3)
def hget(store, key, name):
    return (store.get(key, dict) or {}).get(name)


@command("hmget", -3)
def hmget(store, key, *names):
    table = store.get(key, dict) or {}
    return [table.get(name) for name in names]


@command("hgetall", 2)
def hgetall(store, key):
    return [each for pair in (store.get(key, dict) or {}).items() for each in pair]


@command("hkeys", 2)
def hkeys(store, key):
    return list(store.get(key, dict) or ())


@command("hvals", 2)
def hvals(store, key):
    return list((store.get(key, dict) or {}).values())


@command("hlen", 2)
def hlen(store, key):
    return len(store.get(key, dict) or ())


@command("hexists", 3)
def hexists(store, key, name):
    return int(name in (store.get(key, dict) or ()))


@command("hdel", -3, writes=True)
def hdel(store, key, *names):
    table = store.get(key, dict) or {}
    removed = 0
    for name in names:
        value = table.pop(name, None)
        if value is not None:
            store.used -= len(name) + len(value) + 2 * PER_ELEMENT
            removed += 1
    store.drop_empty(key)
    return removed


@command("hincrby", 4, grows=True)
def hincrby(store, key, name, amount):
    value = added(integer(hget(store, key, name) or b"0"), integer(amount))
    hset(store, key, name, b"%d" % value)
    return value


@command("sadd", -3, grows=True)
def sadd(store, key, *members):
    values = store.make(key, set)
    before = len(values)
    for member in members:
        if member not in values:
            values.add(member)
            store.used += len(member) + PER_ELEMENT
    return len(values) - before


@command("srem", -3, writes=True)
def srem(store, key, *members):
    values = store.get(key, set) or set()
    removed = 0
    for member in members:
        if member in values:
            values.remove(member)
            store.used -= len(member) + PER_ELEMENT
            removed += 1
    store.drop_empty(key)
    return removed


@command("smembers", 2)
def smembers(store, key):
    return list(store.get(key, set) or ())


@command("sismember", 3)
def sismember(store, key, member):
    return int(member in (store.get(key, set) or ()))


@command("scard", 2)
def scard(store, key):
    return len(store.get(key, set) or ())


@command("spop", -2, writes=True)
def spop(store, key, count=None):
    values = store.get(key, set) or set()
    many = at_most(count)
    found = []
    while values and len(found) < many:
        found.append(values.pop())
        store.used -= len(found[-1]) + PER_ELEMENT
    store.drop_empty(key)
    if count is None:
        return found[0] if found else None
    return found


@command("srandmember", 2)
def srandmember(store, key):
    values = store.get(key, set)
    return random.choice(list(values)) if values else None


def union(store, keys):
    return set().union(*[store.get(key, set) or () for key in keys])


@command("sunion", -2)
def sunion(store, *keys):
    return list(union(store, keys))


@command("sinter", -2)
def sinter(store, *keys):
    first, *others = [store.get(key, set) or set() for key in keys]
    return list(first.intersection(*others))


@command("sdiff", -2)
def sdiff(store, first, *others):
    return list((store.get(first, set) or set()) - union(store, others))
