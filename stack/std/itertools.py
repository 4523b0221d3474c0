# itertools - as CPython's. Each checks its arguments at once; what it makes is a generator.

__all__ = [
    "accumulate", "chain", "combinations", "combinations_with_replacement", "compress", "count", "cycle",
    "dropwhile", "filterfalse", "groupby", "islice", "pairwise", "permutations", "product", "repeat",
    "starmap", "takewhile", "tee", "zip_longest",
]  # fmt: skip


_END = object()


def _index(value):
    return range(value).stop  # an integer, or TypeError


def _sum(a, b):
    return a + b


class count:
    """start, start + step, ..."""

    __slots__ = ("_next", "_step")

    def __init__(self, start=0, step=1):
        start + 0, step + 0  # numbers
        self._next, self._step = start, step

    def __iter__(self):
        return self

    def __next__(self):
        value = self._next
        self._next = value + self._step
        return value

    def __repr__(self):
        if isinstance(self._step, int) and self._step == 1:
            return "count(%r)" % (self._next,)
        return "count(%r, %r)" % (self._next, self._step)

    def __reduce__(self):
        return type(self), (self._next, self._step)


class repeat:
    """The object, without end or so often."""

    __slots__ = ("_object", "_times")

    def __init__(self, object, times=None):
        self._object = object
        self._times = times if times is None else max(_index(times), 0)

    def __iter__(self):
        return self

    def __next__(self):
        if self._times is not None:
            if self._times == 0:
                raise StopIteration
            self._times -= 1
        return self._object

    def __length_hint__(self):
        if self._times is None:
            raise TypeError("len() of unsized object")
        return self._times

    def __repr__(self):
        if self._times is None:
            return "repeat(%r)" % (self._object,)
        return "repeat(%r, %d)" % (self._object, self._times)

    def __reduce__(self):
        return type(self), (self._object,) if self._times is None else (self._object, self._times)


class chain:
    """The items of the first iterable, then those of the next ones."""

    def __new__(cls, *iterables):
        return _chain(iterables)

    @classmethod
    def from_iterable(cls, iterable):
        return _chain(iter(iterable))


def _chain(iterables):
    for each in iterables:
        yield from iter(each)


class cycle:
    def __new__(cls, iterable):
        return _cycle(iter(iterable))


def _cycle(iterator):
    seen = []
    for item in iterator:
        seen.append(item)
        yield item
    while seen:
        yield from seen


class accumulate:
    def __new__(cls, iterable, func=None, *, initial=None):
        return _accumulate(iter(iterable), _sum if func is None else func, initial)


def _accumulate(iterator, func, total):
    if total is None:
        total = next(iterator, _END)
        if total is _END:
            return
    yield total
    for item in iterator:
        total = func(total, item)
        yield total


class compress:
    def __new__(cls, data, selectors):
        return _compress(iter(data), iter(selectors))


def _compress(data, selectors):
    for item, chosen in zip(data, selectors):
        if chosen:
            yield item


class dropwhile:
    def __new__(cls, predicate, iterable):
        return _dropwhile(predicate, iter(iterable))


def _dropwhile(predicate, iterator):
    for item in iterator:
        if not predicate(item):
            yield item
            break
    yield from iterator


class takewhile:
    def __new__(cls, predicate, iterable):
        return _takewhile(predicate, iter(iterable))


def _takewhile(predicate, iterator):
    for item in iterator:
        if not predicate(item):
            return
        yield item


class filterfalse:
    def __new__(cls, function, iterable):
        return _filterfalse(bool if function is None else function, iter(iterable))


def _filterfalse(function, iterator):
    for item in iterator:
        if not function(item):
            yield item


class starmap:
    def __new__(cls, function, iterable):
        return _starmap(function, iter(iterable))


def _starmap(function, iterator):
    for arguments in iterator:
        yield function(*arguments)


class islice:
    def __new__(cls, iterable, *bounds):
        if not 1 <= len(bounds) <= 3:
            raise TypeError("islice expected at least 2 arguments, got %d" % (1 + len(bounds)))
        given = slice(*bounds)
        start, step = _bound(given.start, 0), _bound(given.step, 1)
        if step < 1:
            raise ValueError("Step for islice() must be a positive integer or None.")
        return _islice(iter(iterable), start, _bound(given.stop, None), step)


def _bound(value, default):
    if value is None:
        return default
    try:
        value = _index(value)
    except TypeError:
        value = -1
    if not 0 <= value < 1 << 63:
        raise ValueError("Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
    return value


def _islice(iterator, start, stop, step):
    place, wanted = 0, start
    if stop is not None and stop <= start:  # what stands before is taken all the same
        wanted = stop
    while place < wanted:
        for _ in iterator:
            break
        else:
            return
        place += 1
    if stop is not None and stop <= start:
        return
    for item in iterator:
        if place == wanted:
            yield item
            wanted += step
            if stop is not None and wanted >= stop:
                while place + 1 < stop:
                    place += 1
                    for _ in iterator:
                        break
                    else:
                        return
                return
        place += 1


class pairwise:
    def __new__(cls, iterable):
        return _pairwise(iter(iterable))


def _pairwise(iterator):
    before = next(iterator, _END)
    for item in iterator:
        yield before, item
        before = item


class zip_longest:
    def __new__(cls, *iterables, fillvalue=None):
        return _zip_longest([iter(each) for each in iterables], fillvalue)


def _zip_longest(iterators, fillvalue):
    left = len(iterators)
    while left:
        items = []
        for place, each in enumerate(iterators):
            item = fillvalue
            if each is not None:
                item = next(each, _END)
                if item is _END:
                    item = fillvalue
                    iterators[place] = None
                    left -= 1
                    if not left:
                        return
            items.append(item)
        yield tuple(items)


class product:
    def __new__(cls, *iterables, repeat=1):
        repeat = _index(repeat)
        if repeat < 0:
            raise ValueError("repeat argument cannot be negative")
        return _product([tuple(each) for each in iterables] * repeat)


def _product(pools):
    if not all(pools):
        return
    indices = [0] * len(pools)
    current = [pool[0] for pool in pools]
    while True:
        yield tuple(current)
        place = len(pools) - 1
        while place >= 0 and indices[place] == len(pools[place]) - 1:
            indices[place] = 0
            current[place] = pools[place][0]
            place -= 1
        if place < 0:
            return
        indices[place] += 1
        current[place] = pools[place][indices[place]]


def _length(r):
    if not isinstance(r, int):
        raise TypeError("Expected int as r")
    if r < 0:
        raise ValueError("r must be non-negative")
    return r


class permutations:
    def __new__(cls, iterable, r=None):
        pool = tuple(iterable)
        return _permutations(pool, len(pool) if r is None else _length(r))


def _permutations(pool, r):
    n = len(pool)
    if r > n:
        return
    indices = list(range(n))
    cycles = list(range(n, n - r, -1))
    while True:
        yield tuple([pool[each] for each in indices[:r]])
        for place in range(r - 1, -1, -1):
            cycles[place] -= 1
            if cycles[place]:
                other = n - cycles[place]
                indices[place], indices[other] = indices[other], indices[place]
                break
            indices[place:] = indices[place + 1 :] + indices[place : place + 1]
            cycles[place] = n - place
        else:
            return


class combinations:
    def __new__(cls, iterable, r):
        return _combinations(tuple(iterable), _length(r))


def _combinations(pool, r):
    n = len(pool)
    if r > n:
        return
    indices = list(range(r))
    while True:
        yield tuple([pool[each] for each in indices])
        place = r - 1
        while place >= 0 and indices[place] == place + n - r:
            place -= 1
        if place < 0:
            return
        first = indices[place] + 1
        indices[place:] = range(first, first + r - place)


class combinations_with_replacement:
    def __new__(cls, iterable, r):
        return _replacing(tuple(iterable), _length(r))


def _replacing(pool, r):
    n = len(pool)
    if not n and r:
        return
    indices = [0] * r
    while True:
        yield tuple([pool[each] for each in indices])
        place = r - 1
        while place >= 0 and indices[place] == n - 1:
            place -= 1
        if place < 0:
            return
        indices[place:] = [indices[place] + 1] * (r - place)


class groupby:
    """(key, items) of each run of equal keys; the items of a run end where the next one is asked for."""

    def __init__(self, iterable, key=None):
        self._iterator, self._key = iter(iterable), key
        self._run = object()  # of the items that are being given out
        self._known = False  # whether _value and _value_key are the next item

    def __iter__(self):
        return self

    def _fetch(self):
        value = next(self._iterator, _END)
        if value is _END:
            return False
        self._value, self._known = value, True
        self._value_key = value if self._key is None else self._key(value)
        return True

    def __next__(self):
        self._run = run = object()
        if hasattr(self, "_current"):
            current = self._current
            while self._known or self._fetch():
                if self._value_key != current:
                    break
                self._known = False
        if not self._known and not self._fetch():
            raise StopIteration
        self._current = self._value_key
        return self._current, self._items(run, self._current)

    def _items(self, run, key):
        while self._run is run and (self._known or self._fetch()):
            if self._value_key != key:
                return
            self._known = False
            yield self._value


class _Link:
    __slots__ = ("next", "value")


class _tee:
    """One of several iterators over the same items."""

    __slots__ = ("_iterator", "_link")

    def __init__(self, iterable, link=None):
        self._iterator = iter(iterable)
        self._link = _Link() if link is None else link

    def __iter__(self):
        return self

    def __next__(self):
        link = self._link
        if not hasattr(link, "next"):
            link.value = next(self._iterator)
            link.next = _Link()
        self._link = link.next
        return link.value

    def __copy__(self):
        return _tee(self._iterator, self._link)


def tee(iterable, n=2):
    if n < 0:
        raise ValueError("n must be >= 0")
    if not n:
        return ()
    first = iterable.__copy__() if isinstance(iterable, _tee) else _tee(iterable)
    return (first,) + tuple([first.__copy__() for _ in range(n - 1)])
