# codecs - encodings by name. utf-8, ascii, latin-1, utf-16 and utf-32 are in C; here are the interface to
# them, the few codecs besides, and what programs register. str.encode() and bytes.decode() ask here once this
# is loaded.

from _codecs_streams import (  # noqa: F401
    EncodedFile,
    StreamReader,
    StreamReaderWriter,
    StreamWriter,
    getreader,
    getwriter,
    open,
)

BOM_UTF8 = b"\xef\xbb\xbf"
BOM_LE = BOM_UTF16_LE = BOM_UTF16 = BOM = b"\xff\xfe"
BOM_BE = BOM_UTF16_BE = b"\xfe\xff"
BOM_UTF32_LE = BOM_UTF32 = b"\xff\xfe\x00\x00"
BOM_UTF32_BE = b"\x00\x00\xfe\xff"

_NAMES = {"latin-1": "iso8859-1"}
_search = []
_handlers = {}


class CodecInfo(tuple):
    """(encode, decode, streamreader, streamwriter), each with a name, and `name`."""

    def __new__(
        cls, encode, decode, streamreader=None, streamwriter=None, incrementalencoder=None,
        incrementaldecoder=None, name=None, *, _is_text_encoding=None
    ):  # fmt: skip
        self = tuple.__new__(cls, (encode, decode, streamreader, streamwriter))
        self.name = name
        self.encode = encode
        self.decode = decode
        self.incrementalencoder = incrementalencoder
        self.incrementaldecoder = incrementaldecoder
        self.streamreader = streamreader
        self.streamwriter = streamwriter
        self._is_text_encoding = _is_text_encoding is not False
        return self


class IncrementalEncoder:
    """Text in pieces to bytes."""

    encoding = "utf-8"

    def __init__(self, errors="strict"):
        self.errors = errors
        self._begun = False

    def encode(self, input, final=False):
        text = input.encode(self.encoding, self.errors)
        if self._begun and self.encoding in ("utf-16", "utf-32", "utf-8-sig"):
            text = text[len("".encode(self.encoding)) :]
        self._begun = True
        return text

    def reset(self):
        self._begun = False


class IncrementalDecoder:
    """Bytes in pieces to text: an incomplete character waits for its rest."""

    encoding = "utf-8"
    _WAITING = ("unexpected end of data", "truncated data")

    def __init__(self, errors="strict"):
        self.errors = errors
        self.reset()

    def decode(self, input, final=False):
        data = self._rest + bytes(input)
        encoding = self._order(data)
        if not final:
            data = data[: len(data) - self._incomplete(data, encoding)]
        self._rest = (self._rest + bytes(input))[len(data) :]
        return data.decode(encoding, self.errors)

    def _order(self, data):
        """With a byte order mark, what it has said."""
        if self.encoding in ("utf-16", "utf-32") and self._seen is None:
            size = 2 if self.encoding == "utf-16" else 4
            if len(data) >= size:
                self._seen = "-be" if data[:size] in (BOM_UTF16_BE, BOM_UTF32_BE) else "-le"
            return self.encoding
        if self.encoding == "utf-8-sig":
            if self._seen is None and len(data) >= 3:
                self._seen = "-sig"
                return self.encoding
            return "utf-8" if self._seen else self.encoding
        return self.encoding + (self._seen or "")

    def _incomplete(self, data, encoding):
        """How many bytes at the end are the beginning of a character."""
        unit = 4 if "32" in encoding else 2 if "16" in encoding else 1
        for count in range(min(len(data), 4), 0, -1):
            if (len(data) - count) % unit == 0:
                try:
                    data[len(data) - count :].decode(encoding)
                except UnicodeDecodeError as error:
                    if error.start == 0 and error.end == count and error.reason in self._WAITING:
                        return count
        return 0

    def reset(self):
        self._rest = b""
        self._seen = None

    def getstate(self):
        return self._rest, 0

    def setstate(self, state):
        self._rest = state[0]


def _in_c(name):
    """The codec of a name that is built in."""

    def encode_text(input, errors="strict"):
        return input.encode(name, errors), len(input)

    def decode_bytes(input, errors="strict"):
        return bytes(input).decode(name, errors), len(input)

    class Encoder(IncrementalEncoder):
        encoding = name

    class Decoder(IncrementalDecoder):
        encoding = name

    class Reader(StreamReader):
        encoding = name

    class Writer(StreamWriter):
        encoding = name

    shown = _NAMES.get(name, name)
    return CodecInfo(encode_text, decode_bytes, Reader, Writer, Encoder, Decoder, shown)


def _rot13(input, errors="strict"):
    found = []
    for letter in input:
        for first in "aA":
            if first <= letter <= chr(ord(first) + 25):
                letter = chr((ord(letter) - ord(first) + 13) % 26 + ord(first))
                break
        found.append(letter)
    return "".join(found), len(input)


def _hex():
    from binascii import hexlify, unhexlify

    return (lambda x, errors="strict": (hexlify(x), len(x))), (
        lambda x, errors="strict": (unhexlify(x), len(x))
    )


def _base64():
    from binascii import a2b_base64, b2a_base64

    def encode_lines(input, errors="strict"):
        data = bytes(input)
        return b"".join([b2a_base64(data[i : i + 57]) for i in range(0, len(data), 57)]), len(data)

    return encode_lines, lambda x, errors="strict": (a2b_base64(x), len(x))


def _quopri():
    from binascii import a2b_qp, b2a_qp

    return lambda x, errors="strict": (b2a_qp(x, True), len(x)), lambda x, errors="strict": (
        a2b_qp(x),
        len(x),
    )


_OTHERS = {
    "quopri": _quopri,
    "quopri-codec": _quopri,
    "rot13": lambda: (_rot13, _rot13),
    "rot-13": lambda: (_rot13, _rot13),
    "hex": _hex,
    "hex-codec": _hex,
    "base64": _base64,
    "base-64": _base64,
    "base64-codec": _base64,
}


def _plain(encoding):
    return encoding.lower().replace("_", "-").replace(" ", "-")


def register(search_function):
    """Have a function asked for the CodecInfo of names that are not known."""
    _search.append(search_function)


def unregister(search_function):
    if search_function in _search:
        _search.remove(search_function)


def lookup(encoding):
    """The CodecInfo of a name; LookupError if there is none."""
    name = _plain(encoding)
    if name in _OTHERS:
        encode_it, decode_it = _OTHERS[name]()
        return CodecInfo(encode_it, decode_it, name=name, _is_text_encoding=False)
    for each in _search:
        found = each(name.replace("-", "_"))
        if found is not None:
            return found
    canonical = _canonical(encoding)
    if canonical is None:
        raise LookupError("unknown encoding: " + encoding)
    return _in_c(canonical)


def _canonical(encoding):
    """The name of a codec that is built in, as its errors tell it."""
    try:
        "\ud800".encode(encoding)
    except UnicodeEncodeError as error:
        return error.encoding
    except LookupError:
        pass
    return None


def _encode_text(text, encoding, errors="strict"):
    """What str.encode() gets for a name that is not built in."""
    return _by_registered(encoding, "encode")(text, errors)[0]


def _decode_text(data, encoding, errors="strict"):
    return _by_registered(encoding, "decode")(data, errors)[0]


def _by_registered(encoding, what):
    name = _plain(encoding)
    if name in _OTHERS:
        message = "'%s' is not a text encoding; use codecs.%s() to handle arbitrary codecs"
        raise LookupError(message % (encoding, what))
    for each in _search:
        found = each(name.replace("-", "_"))
        if found is not None:
            return found[0] if what == "encode" else found[1]
    raise LookupError("unknown encoding: " + encoding)


def encode(obj, encoding="utf-8", errors="strict"):
    """`obj` by any codec, also by those from text to text or bytes to bytes."""
    return lookup(encoding)[0](obj, errors)[0]


def decode(obj, encoding="utf-8", errors="strict"):
    return lookup(encoding)[1](obj, errors)[0]


def getencoder(encoding):
    return lookup(encoding)[0]


def getdecoder(encoding):
    return lookup(encoding)[1]


def getincrementalencoder(encoding):
    found = lookup(encoding).incrementalencoder
    if found is None:
        raise LookupError(encoding)
    return found


def getincrementaldecoder(encoding):
    found = lookup(encoding).incrementaldecoder
    if found is None:
        raise LookupError(encoding)
    return found


def iterencode(iterator, encoding, errors="strict", **kwargs):
    encoder = getincrementalencoder(encoding)(errors, **kwargs)
    for each in iterator:
        output = encoder.encode(each)
        if output:
            yield output


def iterdecode(iterator, encoding, errors="strict", **kwargs):
    decoder = getincrementaldecoder(encoding)(errors, **kwargs)
    for each in iterator:
        output = decoder.decode(each)
        if output:
            yield output
    output = decoder.decode(b"", True)
    if output:
        yield output


def register_error(name, error_handler):
    """Have a function called with the error: it returns (replacement, where to go on)."""
    if not callable(error_handler):
        raise TypeError("handler must be callable")
    _handlers[name] = error_handler


def lookup_error(name):
    if name not in _handlers:
        raise LookupError("unknown error handler name '%s'" % name)
    return _handlers[name]


def strict_errors(exception):
    raise exception


def ignore_errors(exception):
    return "", exception.end


def replace_errors(exception):
    count = exception.end - exception.start
    return ("?" * count if isinstance(exception, UnicodeEncodeError) else "\ufffd"), exception.end


def backslashreplace_errors(exception):
    piece = exception.object[exception.start : exception.end]
    if isinstance(exception, UnicodeDecodeError):
        return "".join(["\\x%02x" % byte for byte in piece]), exception.end
    return piece.encode("ascii", "backslashreplace").decode(), exception.end


def xmlcharrefreplace_errors(exception):
    piece = exception.object[exception.start : exception.end]
    return piece.encode("ascii", "xmlcharrefreplace").decode(), exception.end


def namereplace_errors(exception):
    """\\N{...} for letters that have names, where the program has those of unicodedata."""
    from sys import modules

    name = getattr(modules.get("unicodedata"), "name", None)
    output = []
    for letter in exception.object[exception.start : exception.end]:
        found = name(letter, None) if name else None
        output.append("\\N{%s}" % found if found else letter.encode("ascii", "backslashreplace").decode())
    return "".join(output), exception.end


def _surrogateescape(exception):
    piece = exception.object[exception.start : exception.end]
    if isinstance(exception, UnicodeDecodeError):
        return piece.decode("ascii", "surrogateescape"), exception.end
    if not all(["\udc80" <= letter <= "\udcff" for letter in piece]):
        raise exception
    return piece.encode("ascii", "surrogateescape"), exception.end


_handlers.update(
    {
        "strict": strict_errors,
        "ignore": ignore_errors,
        "replace": replace_errors,
        "backslashreplace": backslashreplace_errors,
        "xmlcharrefreplace": xmlcharrefreplace_errors,
        "namereplace": namereplace_errors,
        "surrogateescape": _surrogateescape,
    }
)

try:
    __import__("encod" + "ings")  # on demand (host/build/codings.py)
except ImportError:
    pass
