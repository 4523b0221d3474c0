# json.encoder - JSONEncoder.

from ujson import encode as _encode


def encode_text(obj, separators, indent, default, ensure_ascii, sort_keys, skipkeys, allow_nan):
    if isinstance(indent, int):
        indent = " " * indent
    item, key = separators if separators is not None else (", " if indent is None else ",", ": ")
    return _encode(obj, item, key, indent, default, ensure_ascii, sort_keys, skipkeys, allow_nan)


class JSONEncoder:
    """An encoder; the options are those of json.dumps(). Subclasses override default()."""

    item_separator = ", "
    key_separator = ": "

    def __init__(
        self,
        *,
        skipkeys=False,
        ensure_ascii=True,
        check_circular=True,
        allow_nan=True,
        sort_keys=False,
        indent=None,
        separators=None,
        default=None,
    ):
        self.skipkeys = skipkeys
        self.ensure_ascii = ensure_ascii
        self.check_circular = check_circular
        self.allow_nan = allow_nan
        self.sort_keys = sort_keys
        self.indent = indent
        if separators is not None:
            self.item_separator, self.key_separator = separators
        elif indent is not None:
            self.item_separator = ","
        if default is not None:
            self.default = default

    def default(self, o):
        """Return a replacement for `o`, which JSON cannot express."""
        raise TypeError("Object of type " + type(o).__name__ + " is not JSON serializable")

    def encode(self, o):
        """Return `o` as a JSON document."""
        if type(self).iterencode is not JSONEncoder.iterencode:
            return "".join(self.iterencode(o))
        return self._text(o)

    def iterencode(self, o, _one_shot=False):
        """Return the document in pieces (here: one)."""
        yield self._text(o)

    def _text(self, o):
        return encode_text(
            o,
            (self.item_separator, self.key_separator),
            self.indent,
            self.default,
            self.ensure_ascii,
            self.sort_keys,
            self.skipkeys,
            self.allow_nan,
        )
