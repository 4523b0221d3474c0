# _escapes - a codec from two functions, as the modules of this package that are ours need it.

import codecs


def registry(codec_name, encode, decode):
    class Encoder(codecs.IncrementalEncoder):
        def encode(self, input, final=False):
            return encode(input, self.errors)[0]

    class Decoder(codecs.IncrementalDecoder):
        """Keeps all its input up to the end: an escape may be in pieces."""

        def decode(self, input, final=False):
            self._rest += bytes(input)
            if not final:
                return ""
            data, self._rest = self._rest, b""
            return decode(data, self.errors)[0]

    class Reader(codecs.StreamReader):
        encoding = codec_name

    class Writer(codecs.StreamWriter):
        encoding = codec_name

    return codecs.CodecInfo(encode, decode, Reader, Writer, Encoder, Decoder, codec_name)


def escaped(letter):
    point = ord(letter)
    return b"\\U%08x" % point if point > 0xFFFF else b"\\u%04x" % point


def plain(data, at, output):
    """Append the Latin-1 text from data[at] up to the next backslash. Returns where that is, or the end."""
    slash = data.find(b"\\", at)
    if slash < 0:
        slash = len(data)
    output.append(data[at:slash].decode("latin-1"))
    return slash


def number(data, at, size, errors, codec_name, output):
    """Append the character of `size` hexadecimal digits behind data[at], which is the letter of an escape.
    Returns where to go on."""
    digits = data[at + 1 : at + 1 + size]
    wrong = len(digits) < size
    try:
        point = int(digits, 16) if digits.isalnum() else -1
    except ValueError:
        point = -1
    if not wrong and 0 <= point <= 0x10FFFF:
        output.append(chr(point))
        return at + 1 + size
    end = at + 1
    while end < len(data) and end <= at + size and data[end : end + 1] in b"0123456789abcdefABCDEF":
        end += 1
    kind = {120: "\\xXX", 117: "\\uXXXX", 85: "\\UXXXXXXXX"}[data[at]]
    reason = "illegal Unicode character" if point > 0x10FFFF else "truncated %s escape" % kind
    return failed(data, at - 1, end, errors, codec_name, reason, output)


def failed(data, start, end, errors, codec_name, reason, output):
    error = UnicodeDecodeError(codec_name, bytes(data), start, end, reason)
    text, at = codecs.lookup_error(errors)(error)
    output.append(text)
    return at
