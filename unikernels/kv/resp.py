"""RESP2, the serialization protocol of Redis: incremental parsing of requests, encoding of replies."""

LONGEST_LINE = 65536  # bytes, of an inline request and of a length
MOST_WORDS = 1024 * 1024


class ProtocolError(ValueError):
    """The peer does not speak RESP; the connection ends."""


class ReplyError(Exception):
    """What a client gets as an error; the text begins with Redis's code for it."""


class Requests:
    """The requests in a stream of bytes. Each is a list of words, no larger than `largest` bytes together."""

    def __init__(self, largest: int):
        self.largest = largest
        self.buffer = bytearray()
        self.position = 0
        self.words: list[bytes] = []
        self.missing = 0  # words of the request that has begun
        self.length = -1  # of the next word, if its header has arrived
        self.size = 0  # bytes of the request so far

    def feed(self, data: bytes) -> None:
        del self.buffer[: self.position]
        self.position = 0
        self.buffer += data

    def next(self) -> list[bytes] | None:
        """Return the next request, None if it is not complete."""
        words: list[bytes] | None = []
        while not words and words is not None:  # empty lines and empty arrays are no requests
            words = self.words_of_array() if self.missing else self.first_line()
        return words

    def line(self) -> bytes | None:
        end = self.buffer.find(b"\n", self.position, self.position + LONGEST_LINE)
        if end < 0:
            if len(self.buffer) - self.position >= LONGEST_LINE:
                raise ProtocolError("too big inline request")
            return None
        found = bytes(self.buffer[self.position : end])
        self.position = end + 1
        return found[:-1] if found[-1:] == b"\r" else found

    def first_line(self) -> list[bytes] | None:
        """Return an inline request whole, [] if an array begins or the line is empty."""
        line = self.line()
        if line is None or line[:1] != b"*":
            return line and line.split()
        self.missing = max(0, number(line, MOST_WORDS, "invalid multibulk length"))
        self.words, self.size = [], 0
        return []

    def words_of_array(self) -> list[bytes] | None:
        while self.missing:
            if self.length < 0 and not self.header():
                return None
            end = self.position + self.length
            if len(self.buffer) < end + 2:
                return None
            self.words.append(bytes(self.buffer[self.position : end]))
            self.position = end + 2
            self.length = -1
            self.missing -= 1
        return self.words

    def header(self) -> bool:
        """Take the length of the next word; False if it has not arrived."""
        line = self.line()
        if line is None:
            return False
        if line[:1] != b"$":
            raise ProtocolError(f"expected '$', got '{chr(line[0]) if line else ' '}'")
        length = number(line, self.largest - self.size, "invalid bulk length")
        if length < 0:
            raise ProtocolError("invalid bulk length")
        self.length = length
        self.size += length
        return True


def number(line: bytes, most: int, problem: str) -> int:
    """Return the number behind the first byte of a line."""
    digits = line[1:]
    if not digits.lstrip(b"-").isdigit() or len(digits) > 20 or int(digits) > most:
        raise ProtocolError(problem)
    return int(digits)


class Status(str):
    """A reply that is one line, as OK."""


OK = Status("OK")


def encode(value: object) -> bytes:
    """Return a reply: None, a Status, a number, text, or a list of those."""
    if isinstance(value, bytes):
        return b"$%d\r\n%b\r\n" % (len(value), value)
    if value is None:
        return b"$-1\r\n"
    if isinstance(value, int):
        return b":%d\r\n" % value
    if isinstance(value, Status):
        return f"+{value}\r\n".encode()
    if isinstance(value, str):
        return encode(value.encode())
    if isinstance(value, list):
        return b"*%d\r\n" % len(value) + b"".join([encode(each) for each in value])
    raise TypeError(f"no reply is a {type(value).__name__}")


def encode_error(text: str) -> bytes:
    return f"-{text}\r\n".encode()
