# encodings - encodings that are not in C: those whose names a program says as texts are in its image
# (host/build/codings.py). Here is what CPython's modules of this package need, as names of codecs.

import codecs

try:
    from encodings._names import NAMES  # other names of encodings that the program says
except ImportError:
    NAMES = {}

_found = {}


class Codec:
    def encode(self, input, errors="strict"):
        raise NotImplementedError

    def decode(self, input, errors="strict"):
        raise NotImplementedError


def charmap_build(decoding_table):
    """The byte of each code point."""
    return {ord(letter): byte for byte, letter in enumerate(decoding_table) if letter != "\ufffe"}


def make_identity_dict(rng):
    return {each: each for each in rng}


def make_encoding_map(decoding_map):
    """The inverse of a dictionary; None for what several bytes stand for."""
    result = {}
    for byte, letter in decoding_map.items():
        result[letter] = None if letter in result else byte
    return result


def charmap_encode(input, errors="strict", mapping=None):
    """Text to bytes by a dictionary of code points."""
    output = bytearray()
    start = 0
    while start < len(input):
        start = _encode_from(input, start, errors, mapping, output)
    return bytes(output), len(input)


def _encode_from(text, start, errors, mapping, output):
    """Encode up to the end of the first run that the encoding lacks. Returns where to go on."""
    wrong = None
    at = start
    for letter in text[start:] if start else text:
        byte = mapping.get(ord(letter))
        if byte is None:
            wrong = at if wrong is None else wrong
        elif wrong is not None:
            break
        else:
            output.append(byte)
        at += 1
    if wrong is None:
        return at
    error = UnicodeEncodeError("charmap", text, wrong, at, "character maps to <undefined>")
    replacement, at = codecs.lookup_error(errors)(error)
    if isinstance(replacement, str):
        replacement = [mapping.get(ord(letter)) for letter in replacement]
        if None in replacement:
            raise error
    output += bytes(replacement)
    return at + len(text) if at < 0 else at


def charmap_decode(input, errors="strict", mapping=None):
    """Bytes to text by a table of 256 letters, or a dictionary."""
    data = bytes(input)
    output = []
    at = 0
    while at < len(data):
        try:
            letter = mapping[data[at]]
        except LookupError:
            letter = None
        if letter is None or letter == "\ufffe":
            error = UnicodeDecodeError("charmap", data, at, at + 1, "character maps to <undefined>")
            letter, at = codecs.lookup_error(errors)(error)
            at = at + len(data) if at < 0 else at
        else:
            letter = chr(letter) if isinstance(letter, int) else letter
            at += 1
        output.append(letter)
    return "".join(output), len(data)


def search_function(encoding):
    """The CodecInfo of a module of this package, None if there is none."""
    name = encoding.lower().replace("-", "_").replace(" ", "_")
    name = NAMES.get(name, name)
    if name not in _found:
        try:
            found = __import__("encodings." + name, None, None, ("getregentry",)).getregentry()
        except ImportError:
            return None
        _found[name] = found
    return _found[name]


for _each in (Codec, charmap_build, charmap_encode, charmap_decode, make_identity_dict, make_encoding_map):
    setattr(codecs, _each.__name__, _each)
codecs.register(search_function)
