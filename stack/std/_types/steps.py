# steps.py - slices with a step, and del, of sequences for which the interpreter has neither.


class _Text:
    def __getitem__(self, index):
        items = list(self)[index]
        return "".join(items) if isinstance(self, str) else type(self)(bytes(items))


class _List:
    def __setitem__(self, index, value):
        places = range(*index.indices(len(self)))
        value = list(value)
        if len(places) != len(value):
            raise ValueError(
                "attempt to assign sequence of size %d to extended slice of size %d"
                % (len(value), len(places))
            )
        for place, each in zip(places, value):
            self[place] = each

    def __delitem__(self, index):
        gone = set(range(*index.indices(len(self))))
        self[:] = [each for place, each in enumerate(self) if place not in gone]


class _Bytearray:
    def __setitem__(self, index, value):
        items = list(self)
        items[index] = list(value)
        self[:] = bytes(items)

    def __delitem__(self, index):
        items = list(self)
        del items[index]
        self[:] = bytes(items)


class _Memoryview:
    def __setitem__(self, index, value):
        if self.readonly:
            raise TypeError("cannot modify read-only memory")
        if not isinstance(index, slice):
            raise TypeError("memoryview: invalid slice key")
        places, value = range(*index.indices(len(self))), memoryview(value)
        if len(places) != len(value) or value.format != self.format:
            raise ValueError("memoryview assignment: lvalue and rvalue have different structures")
        for place, each in zip(places, list(value)):
            self[place] = each


class _Range:
    def index(self, value):
        if value not in self:
            raise ValueError("%r is not in range" % (value,))
        return (value - self.start) // self.step

    def count(self, value):
        return int(value in self)

    def __hash__(self):
        return hash(tuple(self[:1]) + (len(self), self.step if len(self) > 1 else 0))


class _Keys:
    def isdisjoint(self, other):
        return not self & other


EXTENSIONS = (
    (range, _Range),
    (type({}.keys()), _Keys),
    (str, _Text),
    (bytes, _Text),
    (bytearray, _Text, _Bytearray),
    (memoryview, _Text, _Memoryview),
    (list, _List),
)
