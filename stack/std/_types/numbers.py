# numbers.py - methods of int and float.


class _Int:
    def bit_length(self):
        return len(bin(abs(self))) - 2 if self else 0

    def bit_count(self):
        return bin(self).count("1")

    def is_integer(self):
        return True

    def conjugate(self):
        return self

    def as_integer_ratio(self):
        return int(self), 1

    real = property(lambda self: int(self))
    imag = property(lambda self: 0)
    numerator = real
    denominator = property(lambda self: 1)


class _Float:
    def is_integer(self):
        return self - self == 0 and self == int(self)

    def conjugate(self):
        return self

    def as_integer_ratio(self):
        if self - self != 0:
            raise (OverflowError if self == self else ValueError)(
                "cannot convert Infinity or NaN to integer ratio"
            )
        bottom = 1
        while self != int(self):
            self *= 2
            bottom *= 2
        return int(self), bottom

    real = property(lambda self: self)
    imag = property(lambda self: 0.0)


EXTENSIONS = ((int, _Int), (float, _Float))
