# buffers.py - methods of bytearray and memoryview.


class _Bytearray:
    def pop(self, index=-1):
        value = self[index]
        if index < 0:
            index += len(self)
        self[:] = self[:index] + self[index + 1 :]
        return value

    def insert(self, index, value):
        self[:] = self[:index] + bytes((value,)) + self[index:]

    def remove(self, value):
        at = self.find(bytes((value,)))
        if at < 0:
            raise ValueError("value not found in bytearray")
        self.pop(at)

    def reverse(self):
        self[:] = bytes([self[at] for at in range(len(self) - 1, -1, -1)])

    def clear(self):
        self[:] = b""

    def copy(self):
        return self[:]


class _Memoryview:
    def tobytes(self, order="C"):
        return bytes(self)

    def tolist(self):
        return list(self)

    def __enter__(self):
        return self

    nbytes = property(lambda self: len(self) * self.itemsize)
    shape = property(lambda self: (len(self),))
    strides = property(lambda self: (self.itemsize,))
    ndim = property(lambda self: 1)
    suboffsets = property(lambda self: ())
    contiguous = c_contiguous = f_contiguous = property(lambda self: True)


EXTENSIONS = ((bytearray, _Bytearray), (memoryview, _Memoryview))
