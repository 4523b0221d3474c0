# unicode_escape - ASCII with the escapes of Python's literals.

from encodings._escapes import escaped, failed, number, plain, registry

NAME = "unicode-escape"
SIMPLE = dict(zip(b"\n\"'\\abfnrtv", ["", '"', "'", "\\", "\a", "\b", "\f", "\n", "\r", "\t", "\v"]))
SHORT = {"\n": b"\\n", "\r": b"\\r", "\t": b"\\t", "\\": b"\\\\"}
SIZES = {120: 2, 117: 4, 85: 8}


def _encoded(letter):
    if " " <= letter <= "~" and letter != "\\":
        return letter.encode()
    return SHORT.get(letter) or (b"\\x%02x" % ord(letter) if ord(letter) < 256 else escaped(letter))


def encode(input, errors="strict"):
    return b"".join([_encoded(letter) for letter in input]), len(input)


def decode(input, errors="strict"):
    data = bytes(input.encode() if isinstance(input, str) else input)
    output = []
    at = 0
    while at < len(data):
        slash = plain(data, at, output)
        at = slash if slash == len(data) else _escape(data, slash + 1, errors, output)
    return "".join(output), len(data)


def _escape(data, at, errors, output):
    """Append what the escape says whose letter is at data[at]. Returns where to go on."""
    if at == len(data):
        return failed(data, at - 1, at, errors, "unicodeescape", "\\ at end of string", output)
    kind = data[at]
    if kind in SIZES:
        return number(data, at, SIZES[kind], errors, "unicodeescape", output)
    end = at
    while end < at + 3 and data[end : end + 1] in (b"0", b"1", b"2", b"3", b"4", b"5", b"6", b"7"):
        end += 1
    if end > at:
        output.append(chr(int(data[at:end], 8)))
        return end
    output.append(SIMPLE[kind] if kind in SIMPLE else "\\" + chr(kind))
    return at + 1


def getregentry():
    return registry(NAME, encode, decode)
