# collections.queue - deque.


class deque:
    """A list with two ends: what happens there takes the same time however long it is.

    The items lie in a list with room before the first; None fills what is not used.
    """

    __module__ = "collections"

    def __init__(self, iterable=(), maxlen=None):
        if maxlen is not None:
            if not isinstance(maxlen, int):
                raise TypeError("an integer is required")
            if maxlen < 0:
                raise ValueError("maxlen must be non-negative")
        self._maxlen = maxlen
        self._items = []
        self._first = 0
        self._changes = 0
        self.extend(iterable)

    def __class_getitem__(cls, item):
        builtin = list  # `list[item]` here would bring the module of aliases into every image with a deque
        return type(builtin[item])(cls, item)

    @property
    def maxlen(self):
        return self._maxlen

    def __len__(self):
        return len(self._items) - self._first

    def append(self, x):
        """Add at the right end; a full deque loses the other end."""
        if self._maxlen is not None and len(self._items) - self._first >= self._maxlen:
            if self._maxlen == 0:
                return
            self.popleft()
        self._items.append(x)
        self._changes += 1

    def appendleft(self, x):
        """Add at the left end."""
        if self._maxlen is not None and len(self) >= self._maxlen:
            if self._maxlen == 0:
                return
            self.pop()
        if self._first == 0:
            room = len(self._items) + 8
            self._items[0:0] = [None] * room
            self._first = room
        self._first -= 1
        self._items[self._first] = x
        self._changes += 1

    def pop(self):
        """Take from the right end."""
        if len(self._items) == self._first:
            raise IndexError("pop from an empty deque")
        self._changes += 1
        return self._items.pop()

    def popleft(self):
        """Take from the left end."""
        first = self._first
        items = self._items
        if len(items) == first:
            raise IndexError("pop from an empty deque")
        x = items[first]
        items[first] = None
        self._first = first = first + 1
        self._changes += 1
        if first >= 32 and first * 2 >= len(items):
            del items[:first]
            self._first = 0
        return x

    def extend(self, iterable):
        for x in list(iterable) if iterable is self else iterable:
            self.append(x)

    def extendleft(self, iterable):
        for x in list(iterable) if iterable is self else iterable:
            self.appendleft(x)

    def _all(self):
        return self._items[self._first :]

    def _replace_all(self, items):
        self._items = items
        self._first = 0
        self._changes += 1

    def clear(self):
        self._replace_all([])

    def copy(self):
        return type(self)(self, self._maxlen) if self._maxlen is not None else type(self)(self)

    __copy__ = copy

    def rotate(self, n=1):
        """Move the last `n` items to the left end."""
        items = self._all()
        if items:
            n %= len(items)
            self._replace_all(items[len(items) - n :] + items[: len(items) - n])

    def reverse(self):
        self._replace_all(self._all()[::-1])

    def count(self, x):
        return self._all().count(x)

    def index(self, x, start=0, stop=None):
        items = self._all()
        stop = len(items) if stop is None else stop
        start = max(start + len(items), 0) if start < 0 else start
        stop = stop + len(items) if stop < 0 else min(stop, len(items))
        for i in range(start, stop):
            if items[i] == x:
                return i
        raise ValueError("%r is not in deque" % (x,))

    def insert(self, i, x):
        if self._maxlen is not None and len(self) >= self._maxlen:
            raise IndexError("deque already at its maximum size")
        items = self._all()
        items.insert(i, x)
        self._replace_all(items)

    def remove(self, value):
        items = self._all()
        if value not in items:
            raise ValueError("deque.remove(x): x not in deque")
        items.remove(value)
        self._replace_all(items)

    def _place(self, index):
        if not isinstance(index, int):
            raise TypeError("sequence index must be integer, not '%s'" % type(index).__name__)
        count = len(self)
        if not -count <= index < count:
            raise IndexError("deque index out of range")
        return self._first + index + (count if index < 0 else 0)

    def __getitem__(self, index):
        return self._items[self._place(index)]

    def __setitem__(self, index, value):
        self._items[self._place(index)] = value

    def __delitem__(self, index):
        del self._items[self._place(index)]
        self._changes += 1

    def __iter__(self):
        changes = self._changes
        for x in self._all():
            if self._changes != changes:
                raise RuntimeError("deque mutated during iteration")
            yield x

    def __reversed__(self):
        return iter(self._all()[::-1])

    def __contains__(self, x):
        return x in self._all()

    def __bool__(self):
        return len(self) > 0

    def __add__(self, other):
        if not isinstance(other, deque):
            raise TypeError("can only concatenate deque (not %r) to deque" % type(other).__name__)
        made = self.copy()
        made.extend(other)
        return made

    def __iadd__(self, iterable):
        self.extend(iterable)
        return self

    def __mul__(self, count):
        made = self.copy()
        made._replace_all([])
        made.extend(self._all() * count)
        return made

    __rmul__ = __mul__

    def __imul__(self, count):
        items = self._all() * count
        self._replace_all([])
        self.extend(items)
        return self

    def __eq__(self, other):
        return isinstance(other, deque) and self._all() == other._all()

    def __lt__(self, other):
        return self._all() < other._all()

    def __le__(self, other):
        return self._all() <= other._all()

    def __gt__(self, other):
        return self._all() > other._all()

    def __ge__(self, other):
        return self._all() >= other._all()

    def __repr__(self):
        end = ")" if self._maxlen is None else ", maxlen=%d)" % self._maxlen
        return type(self).__name__ + "(" + repr(self._all()) + end
