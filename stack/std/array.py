# array - CPython's: arrays are in C (uarray); here are the methods that MicroPython's lack.

import sys as _sys

from uarray import array

ArrayType = array
typecodes = "bBuhHiIlLqQfd"


def _items(self, other):
    if not isinstance(other, array):
        raise TypeError('can only append array (not "%s") to array' % type(other).__name__)
    return other


class _Array:
    itemsize = property(lambda self: memoryview(self).itemsize)
    typecode = property(lambda self: memoryview(self).format)

    def tobytes(self):
        return bytes(memoryview(self).cast("B"))

    def tolist(self):
        return list(self)

    def frombytes(self, data):
        data = bytes(data)
        if len(data) % self.itemsize:
            raise ValueError("bytes length not a multiple of item size")
        self.extend(array(self.typecode, data))

    def fromlist(self, items):
        if not isinstance(items, list):
            raise TypeError("arg must be list")
        self.extend(array(self.typecode, items))

    def fromfile(self, file, n):
        data = file.read(n * self.itemsize)
        self.frombytes(data)
        if len(data) != n * self.itemsize:
            raise EOFError("read() didn't return enough bytes")

    def tofile(self, file):
        file.write(self.tobytes())

    def byteswap(self):
        size, view = self.itemsize, memoryview(self).cast("B")
        data = bytes(view)
        for at in range(size):
            view[at::size] = data[size - 1 - at :: size]

    def buffer_info(self):
        return id(self), len(self)

    def count(self, value):
        found = 0
        for each in self:
            found += each == value
        return found

    def index(self, value, start=0, stop=_sys.maxsize):
        for at in range(*slice(start, stop).indices(len(self))):
            if self[at] == value:
                return at
        raise ValueError("array.index(x): x not in array")

    def insert(self, at, value):
        self[at:at] = array(self.typecode, [value])

    def pop(self, at=-1):
        if not self:
            raise IndexError("pop from empty array")
        if not -len(self) <= at < len(self):
            raise IndexError("pop index out of range")
        value = self[at]
        at %= len(self)
        self[at : at + 1] = array(self.typecode)
        return value

    def remove(self, value):
        for at, each in enumerate(self):
            if each == value:
                self.pop(at)
                return
        raise ValueError("array.remove(x): x not in array")

    def reverse(self):
        self[:] = array(self.typecode, [self[at] for at in range(len(self) - 1, -1, -1)])

    def __copy__(self):
        return self[:]

    def __deepcopy__(self, memo):
        return self[:]

    def __reduce_ex__(self, protocol):
        return array, (self.typecode, list(self))

    def __iadd__(self, other):
        self.extend(_items(self, other))
        return self

    def __mul__(self, count):
        return array(self.typecode, self.tobytes() * max(count, 0))

    __rmul__ = __mul__

    def __imul__(self, count):
        self[:] = self * count
        return self

    def __lt__(self, other):
        return list(self) < list(other) if isinstance(other, array) else NotImplemented

    def __le__(self, other):
        return list(self) <= list(other) if isinstance(other, array) else NotImplemented

    def __gt__(self, other):
        return list(self) > list(other) if isinstance(other, array) else NotImplemented

    def __ge__(self, other):
        return list(self) >= list(other) if isinstance(other, array) else NotImplemented

    def __getitem__(self, index):
        return array(self.typecode, list(self)[index])

    def __setitem__(self, index, value):
        places = range(*index.indices(len(self)))
        if not isinstance(value, array):
            raise TypeError('can only assign array (not "%s") to array slice' % type(value).__name__)
        if len(places) != len(value):
            raise ValueError(
                "attempt to assign array of size %d to extended slice of size %d" % (len(value), len(places))
            )
        for place, each in zip(places, value):
            self[place] = each

    def __delitem__(self, index):
        items = list(self)
        del items[index]
        self[:] = array(self.typecode, items)


_sys._extend_type(array, {name: value for name, value in _Array.__dict__.items() if name != "__module__"})
