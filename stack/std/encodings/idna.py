# idna - names of hosts in ASCII (RFC 3490). Letters become small; they are normalised where the program has
# unicodedata.

import sys
from encodings._escapes import registry

PREFIX = "xn--"
DOTS = "\u3002\uff0e\uff61"


def ToASCII(label):
    if not label.isascii():
        label = label.casefold()
        tables = sys.modules.get("unicodedata")
        if tables is not None:
            label = tables.normalize("NFKC", label)
        if label.startswith(PREFIX):
            raise UnicodeError("Label starts with ACE prefix")
    found = label.encode() if label.isascii() else PREFIX.encode() + label.encode("punycode")
    if not 0 < len(found) < 64:
        raise UnicodeError("label empty or too long")
    return found


def ToUnicode(label):
    text = label.decode("ascii") if isinstance(label, bytes) else label
    if not text.lower().startswith(PREFIX):
        return text
    found = text[len(PREFIX) :].encode("ascii").decode("punycode")
    if ToASCII(found).lower() != text.lower().encode():
        raise UnicodeError("IDNA does not round-trip", label, found)
    return found


def encode(input, errors="strict"):
    if errors != "strict":
        raise UnicodeError("unsupported error handling " + errors)
    text = input
    for dot in DOTS:
        text = text.replace(dot, ".")
    labels = text.split(".")
    if labels[-1] == "":
        labels.pop()
    found = b".".join([ToASCII(label) for label in labels])
    return found + (b"." if text.endswith(".") else b""), len(input)


def decode(input, errors="strict"):
    if errors != "strict":
        raise UnicodeError("Unsupported error handling " + errors)
    return ".".join([ToUnicode(label) for label in bytes(input).split(b".")]), len(input)


def getregentry():
    return registry("idna", encode, decode)
