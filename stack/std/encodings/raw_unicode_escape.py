# raw_unicode_escape - Latin-1, and \uXXXX and \UXXXXXXXX for what is beyond it.

from encodings._escapes import escaped, number, plain, registry

NAME = "raw-unicode-escape"


def encode(input, errors="strict"):
    parts = [letter.encode("latin-1") if ord(letter) < 256 else escaped(letter) for letter in input]
    return b"".join(parts), len(input)


def decode(input, errors="strict"):
    data = bytes(input.encode("latin-1") if isinstance(input, str) else input)
    output = []
    at = 0
    while at < len(data):
        at = slash = plain(data, at, output)
        while data[at : at + 1] == b"\\":  # of an even number none escapes
            at += 1
        output.append("\\" * (at - slash))
        if (at - slash) % 2 and data[at : at + 1] in (b"u", b"U"):
            output[-1] = output[-1][1:]
            at = number(data, at, 4 if data[at] == 117 else 8, errors, "rawunicodeescape", output)
    return "".join(output), len(data)


def getregentry():
    return registry(NAME, encode, decode)
