# json - CPython's json over the reader and writer in C (the built-in module, ujson).

from .decoder import JSONDecodeError, JSONDecoder, decode_text
from .encoder import JSONEncoder, encode_text

__all__ = ["dump", "dumps", "load", "loads", "JSONDecoder", "JSONDecodeError", "JSONEncoder"]


def dumps(
    obj,
    *,
    skipkeys=False,
    ensure_ascii=True,
    check_circular=True,
    allow_nan=True,
    cls=None,
    indent=None,
    separators=None,
    default=None,
    sort_keys=False,
    **kw,
):
    """Return `obj` as a JSON document. Circular references are always detected: `check_circular` has no
    effect."""
    if cls is None and not kw:
        return encode_text(obj, separators, indent, default, ensure_ascii, sort_keys, skipkeys, allow_nan)
    return (cls or JSONEncoder)(
        skipkeys=skipkeys,
        ensure_ascii=ensure_ascii,
        check_circular=check_circular,
        allow_nan=allow_nan,
        indent=indent,
        separators=separators,
        default=default,
        sort_keys=sort_keys,
        **kw,
    ).encode(obj)


def dump(obj, fp, **kw):
    """Write `obj` to the text file `fp`; the arguments are those of dumps()."""
    fp.write(dumps(obj, **kw))


def loads(
    s,
    *,
    cls=None,
    object_hook=None,
    parse_float=None,
    parse_int=None,
    parse_constant=None,
    object_pairs_hook=None,
    **kw,
):
    """Return the value of a JSON document, str or bytes (UTF-8 or UTF-16). JSONDecodeError if it is
    invalid."""
    if cls is None and not kw:
        return decode_text(s, object_hook, object_pairs_hook, parse_float, parse_int, parse_constant, True)
    return (cls or JSONDecoder)(
        object_hook=object_hook,
        parse_float=parse_float,
        parse_int=parse_int,
        parse_constant=parse_constant,
        object_pairs_hook=object_pairs_hook,
        **kw,
    ).decode(s)


def load(fp, **kw):
    """Return the value of the JSON document in the file `fp`; the arguments are those of loads()."""
    return loads(fp.read(), **kw)
