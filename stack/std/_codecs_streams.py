# _codecs_streams - streams of text over streams of bytes, for codecs.


class _Stream:
    """Text over `stream`, whose attributes it has, too."""

    def __getattr__(self, name):
        return getattr(self.stream, name)

    def __enter__(self):
        return self

    def __exit__(self, type, value, tb):
        self.stream.close()


class StreamWriter(_Stream):
    """Writes text to a stream of bytes."""

    encoding = "utf-8"

    def __init__(self, stream, errors="strict"):
        self.stream = stream
        self.errors = errors
        self._encoder = _encoder(self.encoding, errors)

    def write(self, object):
        self.stream.write(self._encoder.encode(object))

    def writelines(self, list):
        self.write("".join(list))

    def reset(self):
        self._encoder.reset()

    def seek(self, offset, whence=0):
        self.stream.seek(offset, whence)
        if whence == 0 and offset == 0:
            self.reset()


class StreamReader(_Stream):
    """Reads text from a stream of bytes."""

    encoding = "utf-8"

    def __init__(self, stream, errors="strict"):
        self.stream = stream
        self.errors = errors
        self.reset()

    def reset(self):
        self._decoder = _decoder(self.encoding, self.errors)
        self._text = ""
        self._at_end = False

    def _more(self, size):
        """Decode another piece. Returns False at the end."""
        if self._at_end:
            return False
        data = self.stream.read(size)
        self._at_end = not data
        self._text += self._decoder.decode(data or b"", not data)
        return True

    def _taken(self, count):
        text, self._text = self._text[:count], self._text[count:]
        return text

    def read(self, size=-1, chars=-1, firstline=False):
        """`chars` characters, or what about `size` bytes make, or all."""
        if chars >= 0:
            while len(self._text) < chars and self._more(max(chars - len(self._text), 72)):
                pass
            return self._taken(chars)
        if size is None or size < 0:
            while self._more(4096):
                pass
        elif not self._text:
            self._more(size)
        return self._taken(len(self._text))

    def readline(self, size=None, keepends=True):
        while True:
            lines = self._text.splitlines(True)
            if len(lines) > 1 or self._at_end or (lines and lines[0].endswith("\n")):
                break
            self._more(72)
        if not lines:
            return ""
        line = self._taken(len(lines[0]))
        return line if keepends else line.splitlines(False)[0]

    def readlines(self, sizehint=None, keepends=True):
        return self.read().splitlines(keepends)

    def seek(self, offset, whence=0):
        self.stream.seek(offset, whence)
        self.reset()

    def __iter__(self):
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line


class StreamReaderWriter(_Stream):
    """Both ways over one stream."""

    encoding = "unknown"

    def __init__(self, stream, Reader, Writer, errors="strict"):
        self.stream = stream
        self.errors = errors
        self.reader = Reader(stream, errors)
        self.writer = Writer(stream, errors)
        for name in ("read", "readline", "readlines"):
            setattr(self, name, getattr(self.reader, name))
        self.write = self.writer.write
        self.writelines = self.writer.writelines

    def __iter__(self):
        return self

    def __next__(self):
        return self.reader.__next__()

    def reset(self):
        self.reader.reset()
        self.writer.reset()

    def seek(self, offset, whence=0):
        self.stream.seek(offset, whence)
        self.reader.reset()
        if whence == 0 and offset == 0:
            self.writer.reset()


def getreader(encoding):
    """The class that reads text of streams in this encoding."""
    return _lookup(encoding).streamreader


def getwriter(encoding):
    return _lookup(encoding).streamwriter


def open(filename, mode="r", encoding=None, errors="strict", buffering=-1):
    """A file of text in an encoding; without one as builtins.open() does."""
    import builtins

    if encoding is None:
        return builtins.open(filename, mode)
    info = _lookup(encoding)
    file = builtins.open(filename, mode if "b" in mode else mode + "b")
    stream = StreamReaderWriter(file, info.streamreader, info.streamwriter, errors)
    stream.encoding = encoding
    return stream


def EncodedFile(file, data_encoding, file_encoding=None, errors="strict"):
    """A stream of bytes in one encoding over one in another."""
    return _Recoder(file, data_encoding, file_encoding or data_encoding, errors)


class _Recoder:
    def __init__(self, stream, data_encoding, file_encoding, errors):
        self.stream = stream
        self.data_encoding = data_encoding
        self.file_encoding = file_encoding
        self._reader = getreader(file_encoding)(stream, errors)
        self._writer = getwriter(file_encoding)(stream, errors)
        self._errors = errors

    def read(self, size=-1):
        return self._reader.read(size).encode(self.data_encoding, self._errors)

    def readline(self, size=None):
        return self._reader.readline(size).encode(self.data_encoding, self._errors)

    def write(self, data):
        self._writer.write(bytes(data).decode(self.data_encoding, self._errors))

    def __getattr__(self, name):
        return getattr(self.stream, name)


def _lookup(encoding):
    from codecs import lookup  # which imports this file

    return lookup(encoding)


def _encoder(encoding, errors):
    return _lookup(encoding).incrementalencoder(errors)


def _decoder(encoding, errors):
    return _lookup(encoding).incrementaldecoder(errors)
