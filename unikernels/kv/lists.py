"""Commands on lists."""

from collections import deque
from itertools import islice

from commands import at_most, command, integer, span
from resp import OK, ReplyError
from store import PER_ELEMENT


def push(store, key, elements, left):
    values = store.make(key, deque)
    for element in elements:
        if left:
            values.appendleft(element)
        else:
            values.append(element)
        store.used += len(element) + PER_ELEMENT
    return len(values)


@command("lpush", -3, grows=True)
def lpush(store, key, *elements):
    return push(store, key, elements, True)


@command("rpush", -3, grows=True)
def rpush(store, key, *elements):
    return push(store, key, elements, False)


def pop(store, key, count, left):
    values = store.get(key, deque)
    if values is None:
        return None
    many = at_most(count)
    found = []
    while values and len(found) < many:
        found.append(values.popleft() if left else values.pop())
        store.used -= len(found[-1]) + PER_ELEMENT
    store.drop_empty(key)
    return found[0] if count is None else found


@command("lpop", -2, writes=True)
def lpop(store, key, count=None):
    return pop(store, key, count, True)


@command("rpop", -2, writes=True)
def rpop(store, key, count=None):
    return pop(store, key, count, False)


@command("llen", 2)
def llen(store, key):
    return len(store.get(key, deque) or ())


@command("lrange", 4)
def lrange(store, key, start, stop):
    values = store.get(key, deque) or ()
    first, last = span(start, stop, len(values))
    return list(islice(values, first, last))


@command("lindex", 3)
def lindex(store, key, index):
    values = store.get(key, deque) or ()
    place = integer(index)
    return values[place] if -len(values) <= place < len(values) else None


@command("lset", 4, grows=True)
def lset(store, key, index, element):
    values = store.get(key, deque)
    if values is None:
        raise ReplyError("ERR no such key")
    place = integer(index)
    if not -len(values) <= place < len(values):
        raise ReplyError("ERR index out of range")
    store.used += len(element) - len(values[place])
    values[place] = element
    return OK


@command("ltrim", 4, writes=True)
def ltrim(store, key, start, stop):
    values = store.get(key, deque)
    if values is not None:
        first, last = span(start, stop, len(values))
        kept = deque(islice(values, first, last))
        if kept:
            store.change(key, kept)
        else:
            store.delete(key)
    return OK
