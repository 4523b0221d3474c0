# keywords.py - methods and types of the interpreter, called with keywords or more arguments than it takes.


class _Text:
    def split(self, sep=None, maxsplit=-1):
        return self.split(sep, maxsplit)

    def rsplit(self, sep=None, maxsplit=-1):
        return self.rsplit(sep, maxsplit)

    def splitlines(self, keepends=False):
        return self.splitlines(keepends)

    def center(self, width, fill=" "):
        pad = max(width - len(self), 0)
        left = pad // 2 + (pad & width & 1)
        if not isinstance(self, str) and fill == " ":
            fill = b" "
        return fill * left + self + fill * (pad - left)


class _Str:
    def encode(self, encoding="utf-8", errors="strict"):
        return self.encode(encoding, errors)

    def __call__(object="", encoding="utf-8", errors="strict"):
        return object.decode(encoding, errors) if isinstance(object, (bytes, bytearray)) else str(object)


class _Bytes:
    def hex(self, sep="", bytes_per_sep=1):
        text = self.hex()
        width = 2 * abs(bytes_per_sep)
        if not sep or not width:
            return text
        first = len(text) % width if bytes_per_sep > 0 else 0
        parts = [text[at : at + width] for at in range(first, len(text), width)]
        return (sep if isinstance(sep, str) else sep.decode()).join(([text[:first]] if first else []) + parts)

    def decode(self, encoding="utf-8", errors="strict"):
        return self.decode(encoding, errors)

    def __call__(source=b"", encoding="utf-8", errors="strict"):
        return source.encode(encoding, errors) if isinstance(source, str) else bytes(source)


class _Int:
    def to_bytes(self, length=1, byteorder="big", *, signed=False):
        if byteorder not in ("big", "little"):
            raise ValueError("byteorder must be either 'little' or 'big'")
        if self < 0 and not signed:
            raise OverflowError("can't convert negative int to unsigned")
        half = (1 << 8 * length) >> 1
        if signed and not -half <= self < half:
            raise OverflowError("int too big to convert")
        return (self % (1 << 8 * length) if self < 0 else self).to_bytes(length, byteorder)

    def from_bytes(cls, bytes, byteorder="big", *, signed=False):
        value, bits = cls.from_bytes(bytes, byteorder), 8 * len(bytes)
        return value - (1 << bits) if signed and bits and value >> (bits - 1) & 1 else value

    def __call__(x=0, base=10):
        return int(x, base)


class _Set:
    def union(self, *others):
        result = type(self)(self)
        for each in others:
            result = result.union(each)
        return result

    def intersection(self, *others):
        result = type(self)(self)
        for each in others:
            result = result.intersection(each)
        return result


class _Zip:
    def __call__(*iterables, strict=False):
        return _strict_zip([iter(each) for each in iterables]) if strict else zip(*iterables)


def _strict_zip(iterators):
    while iterators:
        items = []
        for each in iterators:
            for item in each:
                items.append(item)
                break
            else:
                break
        if len(items) == len(iterators):
            yield tuple(items)
            continue
        if items:
            raise ValueError(_unequal(len(items), "shorter"))
        for number, each in enumerate(iterators):
            for _ in each:
                raise ValueError(_unequal(number, "longer"))
        return


def _unequal(number, how):
    others = " 1" if number == 1 else "s 1-%d" % number
    return "zip() argument %d is %s than argument%s" % (number + 1, how, others)


EXTENSIONS = (
    (str, _Text, _Str),
    (bytes, _Text, _Bytes),
    (bytearray, _Text, _Bytes),
    (int, _Int),
    (set, _Set),
    (frozenset, _Set),
    (zip, _Zip),
)
