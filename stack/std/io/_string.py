# _string.py - StringIO: text that is read and written as a file.

from . import _newlines
from ._base import TextIOBase, size_of


class StringIO(TextIOBase):
    def __init__(self, initial_value="", newline="\n"):
        if initial_value is not None and not isinstance(initial_value, str):
            raise TypeError("initial_value must be str or None, not " + type(initial_value).__name__)
        _newlines.check(newline)
        self._newline = newline
        self._is_closed = False
        self._seen = 0
        self._text, self._parts = "", []  # the parts are written after the text
        self._at = self._size = 0  # in characters; the size is that of text and parts
        self._lines = []  # those ahead, the next one last: a slice of a long text takes time
        if initial_value:
            self.write(initial_value)
            self._at = 0

    def __getstate__(self):
        value = self.getvalue()
        own = {name: each for name, each in self.__dict__.items() if name not in _OWN}
        return value, self._newline, self._at, own or None

    def __setstate__(self, state):
        self._check()
        if not isinstance(state, tuple) or len(state) < 4:
            raise TypeError(
                "%s.__setstate__ argument should be 4-tuple, got %s"
                % (type(self).__name__, type(state).__name__)
            )
        value, newline, at, own = state[:4]
        if not isinstance(at, int):
            raise TypeError("third item of state must be an integer, got " + type(at).__name__)
        if at < 0:
            raise ValueError("position value cannot be negative")
        if own is not None and not isinstance(own, dict):
            raise TypeError("fourth item of state should be a dict, got a " + type(own).__name__)
        StringIO.__init__(self, "", newline)
        if not isinstance(value, str):
            raise TypeError("initial_value must be str or None, not " + type(value).__name__)
        self._text, self._size, self._at = value, len(value), at
        for name, each in (own or {}).items():
            setattr(self, name, each)

    def _check(self):
        if self._is_closed:
            raise ValueError("I/O operation on closed file")

    def readable(self):
        self._check()
        return True

    writable = seekable = readable

    @property
    def newlines(self):
        self._check()
        return _newlines.SEEN[self._seen] if not self._newline else None

    @property
    def line_buffering(self):
        self._check()
        return False

    def close(self):
        self._is_closed = True
        self._text, self._parts, self._lines = "", [], []

    def _whole(self):
        """The text, with all parts."""
        if self._parts:
            self._text += "".join(self._parts)
            self._parts = []
        return self._text

    def getvalue(self):
        self._check()
        return self._whole()

    def read(self, size=-1):
        self._check()
        size = size_of(size)
        text = self._whole()
        self._lines = []
        if size < 0:
            found = text[self._at :] if self._at else text
        else:
            found = text[self._at : self._at + size]
        self._at += len(found)
        return found

    def readline(self, size=-1):
        self._check()
        size = size_of(size)
        if not self._lines and self._at < self._size:
            self._lines = self._split(self._whole()[self._at :])
        if not self._lines:
            return ""
        line = self._lines.pop()
        if 0 <= size < len(line):
            self._lines.append(line[size:])
            line = line[:size]
        self._at += len(line)
        return line

    def _split(self, text):
        """The lines of a text, the first one last."""
        if self._newline == "":
            lines, start = [], 0
            while start < len(text):
                end = _newlines.end_of_line(text, start, "")
                end = end if end >= 0 else len(text)
                lines.append(text[start:end])
                start = end
        else:
            end = self._newline or "\n"
            lines = [line + end for line in text.split(end)]
            lines[-1] = lines[-1][: -len(end)]
            if not lines[-1]:
                lines.pop()
        lines.reverse()
        return lines

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def write(self, text):
        self._check()
        if not isinstance(text, str):
            raise TypeError("string argument expected, got '%s'" % type(text).__name__)
        count = len(text)
        if self._newline is None:
            self._seen |= _newlines.kinds(text)
            text = _newlines.translated(text)
        elif self._newline == "":
            self._seen |= _newlines.kinds(text)
        elif self._newline != "\n":
            text = text.replace("\n", self._newline)
        if not text:
            return count
        self._lines = []
        length = len(text)
        if self._at > self._size:
            self._parts.append("\0" * (self._at - self._size))
            self._size = self._at
        if self._at == self._size:
            self._parts.append(text)
            self._size += length
        else:
            whole = self._whole()
            self._text = whole[: self._at] + text + whole[self._at + length :]
            self._size = max(self._size, self._at + length)
        self._at += length
        return count

    def seek(self, offset, whence=0):
        self._check()
        if not isinstance(offset, int):
            raise TypeError("'%s' object cannot be interpreted as an integer" % type(offset).__name__)
        if whence not in (0, 1, 2):
            raise ValueError("Invalid whence (%s, should be 0, 1 or 2)" % whence)
        if whence == 0 and offset < 0:
            raise ValueError("Negative seek position %d" % offset)
        if whence and offset:
            raise OSError("Can't do nonzero cur-relative seeks")
        self._lines = []
        self._at = (offset, self._at, self._size)[whence]
        return self._at

    def tell(self):
        self._check()
        return self._at

    def truncate(self, pos=None):
        self._check()
        if pos is None:
            pos = self._at
        elif not isinstance(pos, int):
            raise TypeError("argument should be integer or None, not '%s'" % type(pos).__name__)
        if pos < 0:
            raise ValueError("Negative size value %d" % pos)
        if pos < self._size:
            self._text = self._whole()[:pos]
            self._size = pos
            self._lines = []
        return pos


_OWN = ("_newline", "_is_closed", "_seen", "_text", "_parts", "_at", "_size", "_lines")
