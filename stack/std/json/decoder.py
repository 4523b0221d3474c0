# json.decoder - JSONDecoder and its error.

from ujson import decode as _decode

_BOM = "\ufeff"


class JSONDecodeError(ValueError):
    """`msg` at the index `pos` of `doc`; `lineno` and `colno` count from 1."""

    def __init__(self, msg, doc, pos):
        lineno = doc.count("\n", 0, pos) + 1
        colno = pos - doc.rfind("\n", 0, pos)
        super().__init__("%s: line %d column %d (char %d)" % (msg, lineno, colno, pos))
        self.msg = msg
        self.doc = doc
        self.pos = pos
        self.lineno = lineno
        self.colno = colno


def as_text(s):
    """Return the document as str; UTF-8 and UTF-16 are detected (RFC 4627 3)."""
    if isinstance(s, str):
        if s.startswith(_BOM):
            raise JSONDecodeError("Unexpected UTF-8 BOM (decode using utf-8-sig)", s, 0)
        return s
    if not isinstance(s, (bytes, bytearray)):
        raise TypeError("the JSON object must be str, bytes or bytearray, not " + type(s).__name__)
    s = bytes(s)
    if s[:3] == b"\xef\xbb\xbf":
        return s[3:].decode()
    if len(s) >= 2 and 0 in s[:2]:
        return s.decode("utf-16-be" if s[0] == 0 else "utf-16-le")
    return s.decode()


def decode_text(s, object_hook, pairs_hook, parse_float, parse_int, parse_constant, strict):
    return _decode(
        as_text(s),
        0,
        True,
        strict,
        JSONDecodeError,
        object_hook,
        pairs_hook,
        None if parse_float is float else parse_float,
        None if parse_int is int else parse_int,
        parse_constant,
    )


class JSONDecoder:
    """A decoder; the hooks are those of json.loads()."""

    def __init__(
        self,
        *,
        object_hook=None,
        parse_float=None,
        parse_int=None,
        parse_constant=None,
        strict=True,
        object_pairs_hook=None,
    ):
        self.object_hook = object_hook
        self.parse_float = parse_float
        self.parse_int = parse_int
        self.parse_constant = parse_constant
        self.strict = strict
        self.object_pairs_hook = object_pairs_hook

    def decode(self, s):
        """Return the value of the document `s`."""
        return decode_text(
            s,
            self.object_hook,
            self.object_pairs_hook,
            self.parse_float,
            self.parse_int,
            self.parse_constant,
            self.strict,
        )

    def raw_decode(self, s, idx=0):
        """Return the value that begins at `idx`, and the index behind it. The rest is ignored."""
        if idx < len(s) and s[idx] in " \t\n\r":
            raise JSONDecodeError("Expecting value", s, idx)
        return _decode(
            s,
            idx,
            False,
            self.strict,
            JSONDecodeError,
            self.object_hook,
            self.object_pairs_hook,
            self.parse_float,
            self.parse_int,
            self.parse_constant,
        )
