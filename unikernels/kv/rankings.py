"""Commands on sorted sets."""

from commands import at_most, command, real, shown, span
from resp import ReplyError
from store import PER_ELEMENT, SortedSet


@command("zadd", -4, grows=True)
def zadd(store, key, *pairs):
    if len(pairs) % 2:
        raise ReplyError("ERR syntax error")
    scores = [real(text) for text in pairs[::2]]
    values = store.make(key, SortedSet)
    return sum(put(store, values, member, score) for member, score in zip(pairs[1::2], scores))


def put(store, values, member, score):
    is_new = values.add(member, score)
    if is_new:
        store.used += len(member) + 2 * PER_ELEMENT
    return is_new


@command("zincrby", 4, grows=True)
def zincrby(store, key, amount, member):
    step = real(amount)
    values = store.make(key, SortedSet)
    score = values.scores.get(member, 0.0) + step
    put(store, values, member, score)
    return shown(score)


@command("zscore", 3)
def zscore(store, key, member):
    values = store.get(key, SortedSet)
    score = values.scores.get(member) if values else None
    return None if score is None else shown(score)


@command("zrank", 3)
def zrank(store, key, member):
    values = store.get(key, SortedSet)
    return values.rank(member) if values else None


@command("zcard", 2)
def zcard(store, key):
    return len(store.get(key, SortedSet) or ())


@command("zrem", -3, writes=True)
def zrem(store, key, *members):
    values = store.get(key, SortedSet)
    removed = sum(take(store, values, member) for member in members) if values else 0
    store.drop_empty(key)
    return removed


def take(store, values, member):
    if values.remove(member) is None:
        return False
    store.used -= len(member) + 2 * PER_ELEMENT
    return True


def flat(pairs, with_scores):
    """Return the members, each with its score behind it if wanted."""
    return [
        each for score, member in pairs for each in ((member, shown(score)) if with_scores else (member,))
    ]


@command("zrange", -4)
def zrange(store, key, start, stop, *options):
    return ranged(store, key, start, stop, options, 1)


@command("zrevrange", -4)
def zrevrange(store, key, start, stop, *options):
    return ranged(store, key, start, stop, options, -1)


def ranged(store, key, start, stop, options, step):
    flags = {option.upper() for option in options}
    if not flags <= {b"WITHSCORES", b"REV"}:
        raise ReplyError("ERR syntax error")
    values = store.get(key, SortedSet)
    order = values.order if values else []
    if b"REV" in flags:
        step = -step
    first, last = span(start, stop, len(order))
    return flat(order[::step][first:last], b"WITHSCORES" in flags)


def popped(store, key, count, end):
    values = store.get(key, SortedSet)
    found = []
    for _ in range(at_most(count)):
        if not values:
            break
        found.append(values.order[end])
        take(store, values, found[-1][1])
    store.drop_empty(key)
    return flat(found, True)


@command("zpopmin", -2, writes=True)
def zpopmin(store, key, count=None):
    return popped(store, key, count, 0)


@command("zpopmax", -2, writes=True)
def zpopmax(store, key, count=None):
    return popped(store, key, count, -1)
