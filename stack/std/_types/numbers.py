# numbers.py - methods of int and float.


class _Int:
    def bit_length(self):
        return len(bin(abs(self))) - 2 if self else 0

    def bit_count(self):
        return bin(self).count("1")

    def conjugate(self):
        return int(self)

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

    def __trunc__(self):
        return int(self)

    def hex(self):
        if self - self != 0:
            return str(self)
        sign = "-" if str(self)[0] == "-" else ""
        number, exponent = abs(self), 0
        if not number:
            return sign + "0x0.0p+0"
        while number >= 2:
            number /= 2
            exponent += 1
        while number < 1 and exponent > -1022:
            number *= 2
            exponent -= 1
        return "%s0x%d.%013xp%+d" % (sign, int(number), int(number % 1 * (1 << 52)), exponent)

    @staticmethod
    def __getformat__(kind):
        if not isinstance(kind, str):
            said = "__getformat__() argument must be str, not %s"
            raise TypeError(said % type(kind).__name__)
        if kind not in ("double", "float"):
            raise ValueError("__getformat__() argument 1 must be 'double' or 'float'")
        return "IEEE, little-endian"

    @staticmethod
    def fromhex(text):
        text = text.strip().lower()
        sign = -1.0 if text[:1] == "-" else 1.0
        digits, _, exponent = text.lstrip("+-").partition("p")
        if digits in ("inf", "infinity", "nan"):
            return sign * float(digits)
        whole, _, part = (digits[2:] if digits[:2] == "0x" else digits).partition(".")
        if not whole + part:
            raise ValueError("invalid hexadecimal floating-point string")
        power = int(exponent or "0") - 4 * len(part)
        number = int(whole + part, 16)
        return sign * (float(number << power) if power >= 0 else number / (1 << -power))

    real = property(lambda self: self)
    imag = property(lambda self: 0.0)


class _Complex:
    def conjugate(self):
        return complex(self.real, -self.imag)


EXTENSIONS = ((int, _Int), (float, _Float), (complex, _Complex))
