# text.py - methods of str, bytes and bytearray.


class _Text:
    """Methods of str, bytes and bytearray; results are of the type of the operand."""

    def removeprefix(self, prefix):
        return self[len(_checked(self, prefix)) :] if self.startswith(prefix) else self[:]

    def removesuffix(self, suffix):
        return self[: len(self) - len(_checked(self, suffix))] if self.endswith(suffix) else self[:]

    def ljust(self, width, fill=None):
        return self + _fill(self, fill) * (width - len(self))

    def rjust(self, width, fill=None):
        return _fill(self, fill) * (width - len(self)) + self

    def zfill(self, width):
        sign = 1 if self[:1] in (_as(self, "+"), _as(self, "-")) else 0
        return self[:sign] + _as(self, "0") * (width - len(self)) + self[sign:]

    def expandtabs(self, tabsize=8):
        result = self[:0]
        column = 0
        for at in range(len(self)):
            letter = self[at : at + 1]
            if letter == _as(self, "\t"):
                letter = _blank(self) * (tabsize - column % tabsize) if tabsize > 0 else self[:0]
                column += len(letter)
            else:
                column = 0 if letter in (_as(self, "\n"), _as(self, "\r")) else column + 1
            result += letter
        return result

    def capitalize(self):
        return self[:1].upper() + self[1:].lower()

    def swapcase(self):
        result = self[:0]
        for at in range(len(self)):
            letter = self[at : at + 1]
            result += letter.lower() if letter.isupper() else letter.upper()
        return result

    def title(self):
        result = self[:0]
        inside = False
        for at in range(len(self)):
            letter = self[at : at + 1]
            result += letter.lower() if inside else letter.upper()
            inside = letter.isalpha()
        return result

    def istitle(self):
        return self == self.title() and any([self[at : at + 1].isalpha() for at in range(len(self))])

    def isalnum(self):
        return _every(self, lambda letter: letter.isalpha() or letter.isdigit())

    def isascii(self):
        return (
            all([ord(letter) < 128 for letter in self]) if isinstance(self, str) else max(self or b"\0") < 128
        )


def _as(text, letters):
    """Return `letters` as the type of `text`."""
    return letters if isinstance(text, str) else letters.encode()


def _checked(text, part):
    """Return a prefix or suffix; a tuple of several is for startswith() only."""
    if isinstance(part, tuple):
        raise TypeError(
            "expected %s, not tuple" % ("str" if isinstance(text, str) else "a bytes-like object")
        )
    return part


def _blank(text):
    return _as(text, " ")


def _fill(text, fill):
    """What fills a text up: one character, a blank by itself."""
    fill = _blank(text) if fill is None else fill
    if isinstance(fill, str) != isinstance(text, str):
        raise TypeError("The fill character must be a unicode character, not " + type(fill).__name__)
    if len(fill) != 1:
        raise TypeError("The fill character must be exactly one character long")
    return text[:0] + fill


def _every(text, test):
    return len(text) > 0 and all([test(text[at : at + 1]) for at in range(len(text))])


class _Str:
    def casefold(self):
        return self.lower().replace("\xdf", "ss")

    def isdecimal(self):
        return _every(self, lambda letter: letter.isdigit() and letter not in "\xb2\xb3\xb9")

    def isnumeric(self):
        return self.isdigit()

    def isidentifier(self):
        return (
            _every(self, lambda letter: letter.isalpha() or letter.isdigit() or letter == "_")
            and not self[0].isdigit()
        )

    def isprintable(self):
        return all([letter in "\\'" or repr(letter)[1] == letter for letter in self])

    def format_map(self, mapping):
        return self.format(**mapping)

    @staticmethod
    def maketrans(source, target=None, deleted=""):
        if target is None:
            if not isinstance(source, dict):
                raise TypeError("if you give only one argument to maketrans it must be a dict")
            return {ord(key) if isinstance(key, str) else key: value for key, value in source.items()}
        if len(source) != len(target):
            raise ValueError("the first two maketrans arguments must have equal length")
        table = {ord(source[at]): ord(target[at]) for at in range(len(source))}
        for letter in deleted:
            table[ord(letter)] = None
        return table

    def translate(self, table):
        result = []
        for letter in self:
            try:
                letter = table[ord(letter)]
            except LookupError:
                pass
            if letter is not None:
                result.append(chr(letter) if isinstance(letter, int) else letter)
        return "".join(result)


class _Bytes:
    @staticmethod
    def maketrans(source, target):
        if len(source) != len(target):
            raise ValueError("maketrans arguments must have same length")
        table = bytearray(range(256))
        for at in range(len(source)):
            table[source[at]] = target[at]
        return bytes(table)

    def translate(self, table, delete=b""):
        if table is not None and (not isinstance(table, (bytes, bytearray, memoryview)) or len(table) != 256):
            if isinstance(table, (bytes, bytearray, memoryview)):
                raise ValueError("translation table must be 256 characters long")
            raise TypeError("a bytes-like object is required, not '%s'" % type(table).__name__)
        kept = [each for each in self if each not in delete]
        return type(self)(kept if table is None else [table[each] for each in kept])


EXTENSIONS = ((str, _Text, _Str), (bytes, _Text, _Bytes), (bytearray, _Text, _Bytes))
