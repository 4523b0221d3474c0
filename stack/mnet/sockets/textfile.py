# textfile.py - the text files of socket.makefile(): lines and characters over a binary file.


class TextFile:
    """A text file over a binary one, in UTF-8, ASCII or Latin-1; `newline` as for open()."""

    def __init__(self, binary, mode, encoding, errors, newline):
        self.buffer = binary
        self.mode = mode
        self.encoding = encoding or "utf-8"
        self.errors = errors or "strict"
        self._newline = newline
        self._text = ""  # decoded, not read yet
        self._bytes = b""  # an incomplete character
        self._ended = False

    def __enter__(self):
        self.buffer._check_open()
        return self

    def __exit__(self, exc_type, exc, traceback):
        self.close()

    def __iter__(self):
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    @property
    def closed(self):
        return self.buffer.closed

    def _fill(self):
        """Decode more. Returns False at the end."""
        if self._ended:
            return False
        data = self.buffer.read1()
        self._ended = not data
        text, self._bytes = _decoded(self._bytes + data, self.encoding, self._ended)
        if self._newline is None:
            if text[-1:] == "\r" and not self._ended:  # perhaps half of a line end
                text, self._bytes = text[:-1], b"\r" + self._bytes
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        self._text += text
        return True

    def read(self, size=-1):
        """Read `size` characters, or to the end."""
        size = 1 << 62 if size is None or size < 0 else size
        while len(self._text) < size and self._fill():
            pass
        text, self._text = self._text[:size], self._text[size:]
        return text

    def readline(self, size=-1):
        """Read to the end of the line, or `size` characters."""
        end = self._line_end()
        while end is None and (size < 0 or len(self._text) < size) and self._fill():
            end = self._line_end()
        n = len(self._text) if end is None else end
        return self.read(n if size < 0 else min(n, size))

    def _line_end(self):
        """Return the index behind the first line end, None if it has not been received."""
        if self._newline == "":
            ends = [at for at in (self._text.find("\n"), self._text.find("\r")) if at >= 0]
            if not ends:
                return None
            at = min(ends)
            if self._text[at] == "\r":
                if at + 1 == len(self._text) and not self._ended:
                    return None
                at += self._text[at + 1 : at + 2] == "\n"
            return at + 1
        end = self._newline or "\n"
        at = self._text.find(end)
        return None if at < 0 else at + len(end)

    def readlines(self, hint=-1):
        """Return the remaining lines."""
        return list(self)

    def write(self, text):
        """Encode and buffer the text."""
        if not isinstance(text, str):
            raise TypeError("write() argument must be str, not %s" % type(text).__name__)
        if self._newline:
            self.buffer.write(text.replace("\n", self._newline).encode(self.encoding))
        else:
            self.buffer.write(text.encode(self.encoding))
        return len(text)

    def writelines(self, lines):
        """Write each line."""
        for line in lines:
            self.write(line)

    def flush(self):
        """Send the buffered data."""
        self.buffer.flush()

    def close(self):
        """Send the buffered data, and release the socket."""
        self.buffer.close()

    def fileno(self):
        """Return the file descriptor of the socket."""
        return self.buffer.fileno()

    def readable(self):
        return self.buffer.readable()

    def writable(self):
        return self.buffer.writable()

    def seekable(self):
        return self.buffer.seekable()


def _decoded(data, encoding, final):
    """Return (text, the bytes of an incomplete character)."""
    keep = 0
    if not final and encoding.lower().replace("_", "-") in ("utf-8", "utf8"):
        for back in range(1, min(3, len(data)) + 1):
            byte = data[-back]
            if byte >= 0xC0:
                keep = back if back < (2 if byte < 0xE0 else 3 if byte < 0xF0 else 4) else 0
            if byte & 0xC0 != 0x80:
                break
    cut = len(data) - keep
    return data[:cut].decode(encoding), data[cut:]
