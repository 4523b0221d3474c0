# _text.py - TextIOWrapper: text over a file of bytes.

import codecs

from . import _newlines
from ._base import DEFAULT_BUFFER_SIZE, TextIOBase, UnsupportedOperation, check_whence, size_of


def text_encoding(encoding, stacklevel=2):
    return "utf-8" if encoding is None else encoding


class TextIOWrapper(TextIOBase):
    """The position in the file is known while text is ahead: it is what the text ahead takes in bytes
    before the
    position of the buffer. So the text ahead is kept as it came, with its line ends."""

    _buffer = None
    _CHUNK_SIZE = DEFAULT_BUFFER_SIZE

    def __init__(
        self, buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False
    ):
        if encoding is not None and not isinstance(encoding, str):
            raise TypeError(
                "TextIOWrapper() argument 'encoding' must be str or None, not " + type(encoding).__name__
            )
        if errors is not None and not isinstance(errors, str):
            raise TypeError(
                "TextIOWrapper() argument 'errors' must be str or None, not " + type(errors).__name__
            )
        encoding = "utf-8" if encoding is None or encoding.lower() == "locale" else encoding
        codecs.lookup(encoding)
        _newlines.check(newline)
        self._encoding, self._errors, self._newline = encoding, errors or "strict", newline
        self._line_buffering, self._write_through = line_buffering, write_through
        self._seen = 0
        self._decoder = self._encoder = None
        self._ahead = ""  # decoded, not yet read
        self._waiting = []  # encoded, not yet written
        self._buffer = buffer
        if buffer.seekable() and buffer.writable() and buffer.tell():
            self._begin_in_the_middle()

    def _begin_in_the_middle(self):
        self._encoder = codecs.getincrementalencoder(self._encoding)(self._errors)
        self._encoder.encode("")

    # Attributes ------------------------------------------------------------------------------------------

    @property
    def buffer(self):
        if self._buffer is None:
            raise ValueError("underlying buffer has been detached")
        return self._buffer

    @property
    def encoding(self):
        return self._encoding

    @property
    def errors(self):
        return self._errors

    @property
    def newlines(self):
        return None if self._newline else _newlines.SEEN[self._seen]

    @property
    def line_buffering(self):
        return self._line_buffering

    @property
    def write_through(self):
        return self._write_through

    @property
    def closed(self):
        return self.buffer.closed

    @property
    def name(self):
        return self.buffer.name

    def reconfigure(
        self, *, encoding=None, errors=None, newline=Ellipsis, line_buffering=None, write_through=None
    ):
        if self._decoder is not None and (
            encoding is not None or errors is not None or newline is not Ellipsis
        ):
            raise UnsupportedOperation(
                "It is not possible to set the encoding or newline of stream after the first read"
            )
        if newline is not Ellipsis:
            _newlines.check(newline)
        self.flush()
        if encoding is not None:
            codecs.lookup(encoding)
            self._encoding, self._errors, self._encoder = encoding, errors or "strict", None
        elif errors is not None:
            self._errors, self._encoder = errors, None
        if newline is not Ellipsis:
            self._newline = newline
        if line_buffering is not None:
            self._line_buffering = bool(line_buffering)
        if write_through is not None:
            self._write_through = bool(write_through)

    def seekable(self):
        return self.buffer.seekable()

    def readable(self):
        return self.buffer.readable()

    def writable(self):
        return self.buffer.writable()

    def fileno(self):
        return self.buffer.fileno()

    def isatty(self):
        return self.buffer.isatty()

    def flush(self):
        self._check_closed()
        self._send()
        self.buffer.flush()

    def close(self):
        if self._buffer is not None and not self.closed:
            try:
                self.flush()
            finally:
                self._buffer.close()

    def detach(self):
        self.flush()
        buffer, self._buffer = self.buffer, None
        return buffer

    def __repr__(self):
        found = "<_io.TextIOWrapper"
        for name in ("name", "mode"):
            value = getattr(self, name, None)
            if value is not None:
                found += " %s=%r" % (name, value)
        return "%s encoding=%r>" % (found, self._encoding)

    # Writing ---------------------------------------------------------------------------------------------

    def write(self, text):
        self._check_closed()
        if not isinstance(text, str):
            raise TypeError("write() argument must be str, not " + type(text).__name__)
        if not self.buffer.writable():
            raise UnsupportedOperation("not writable")
        if self._encoder is None:
            self._encoder = codecs.getincrementalencoder(self._encoding)(self._errors)
        if self._ahead:
            self.seek(self.tell())
        sent = text.replace("\n", self._newline) if self._newline in ("\r", "\r\n") else text
        self._waiting.append(self._encoder.encode(sent))
        ends = self._line_buffering and ("\n" in text or "\r" in text)
        if self._write_through or ends or sum(map(len, self._waiting)) >= self._CHUNK_SIZE:
            self._send()
        if ends:
            self.buffer.flush()
        return len(text)

    def _send(self):
        if self._waiting:
            data, self._waiting = b"".join(self._waiting), []
            self.buffer.write(data)

    # Reading ---------------------------------------------------------------------------------------------

    def _fill(self, size=-1):
        """Decode one more piece of the file into the text ahead. False: its end."""
        if self._decoder is None:
            if not self.buffer.readable():
                raise UnsupportedOperation("not readable")
            self._decoder = codecs.getincrementaldecoder(self._encoding)(self._errors)
        read = getattr(self.buffer, "read1", None) or self.buffer.read
        data = read(self._CHUNK_SIZE if size < 0 else size)
        text = self._decoder.decode(data or b"", final=not data)
        self._ahead += text
        return bool(data) or bool(text)

    def _begin_reading(self):
        self._check_closed()
        if not self.buffer.readable():
            raise UnsupportedOperation("not readable")
        self._send()

    def _given(self, text):
        """What of the text ahead a caller gets."""
        if not self._newline:
            self._seen |= _newlines.kinds(text)
        return _newlines.translated(text) if self._newline is None else text

    def read(self, size=-1):
        self._begin_reading()
        size = size_of(size)
        if size < 0:
            if self._decoder is None:
                self._decoder = codecs.getincrementaldecoder(self._encoding)(self._errors)
            self._ahead += self._decoder.decode(self.buffer.read() or b"", final=True)
            text, self._ahead = self._ahead, ""
            return self._given(text)
        found, count = [], 0
        while count < size:
            if not self._ahead and not self._fill():
                break
            part = self._ahead[: size - count]
            if part.endswith("\r") and self._newline is None:
                while part == self._ahead and self._fill():  # a line feed may follow
                    pass
                if self._ahead[len(part) : len(part) + 1] == "\n":
                    part += "\n"
            self._ahead = self._ahead[len(part) :]
            found.append(self._given(part))
            count += len(found[-1])
        return "".join(found)

    def readline(self, size=-1):
        self._begin_reading()
        size = size_of(size)
        newline = self._newline or ""
        start = 0
        while True:
            end = _newlines.end_of_line(self._ahead, start, newline)
            is_open = end == len(self._ahead) and not newline and self._ahead.endswith("\r")
            if end >= 0 and not is_open:
                break
            if 0 <= size <= len(self._ahead) and not is_open:
                end = size
                break
            start = max(len(self._ahead) - 1, 0)
            if not self._fill():
                end = len(self._ahead)
                break
        if 0 <= size < end:
            end = size
        line, self._ahead = self._ahead[:end], self._ahead[end:]
        return self._given(line)

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    # Position --------------------------------------------------------------------------------------------

    def _forget(self):
        self._ahead = ""
        if self._decoder is not None:
            self._decoder.reset()

    def tell(self):
        self._check_closed()
        if not self.buffer.seekable():
            raise UnsupportedOperation("underlying stream is not seekable")
        self.flush()
        position = self.buffer.tell()
        if self._decoder is not None:
            position -= len(self._decoder.getstate()[0])
        if self._ahead:
            plain = codecs.getincrementalencoder(self._encoding)("surrogatepass")
            mark = len(plain.encode(""))
            position -= len(self._ahead.encode(self._encoding, self._errors)) - mark
        return position

    def seek(self, cookie, whence=0):
        self._check_closed()
        check_whence(whence)
        if not self.buffer.seekable():
            raise UnsupportedOperation("underlying stream is not seekable")
        if whence == 1:
            if cookie:
                raise UnsupportedOperation("can't do nonzero cur-relative seeks")
            cookie = self.tell()
        elif whence == 2 and cookie:
            raise UnsupportedOperation("can't do nonzero end-relative seeks")
        elif cookie < 0:
            raise ValueError("negative seek position %r" % (cookie,))
        self.flush()
        self._forget()
        position = self.buffer.seek(cookie, 2 if whence == 2 else 0)
        self._encoder = None
        if position:
            self._begin_in_the_middle()
        return position

    def truncate(self, pos=None):
        self.flush()
        return self.buffer.truncate(self.tell() if pos is None else pos)
