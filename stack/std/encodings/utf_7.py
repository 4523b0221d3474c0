# utf_7 - text for channels of seven bits (RFC 2152).

from binascii import a2b_base64, b2a_base64
from encodings._escapes import failed, registry

NAME = "utf-7"
DIRECT = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'(),-./:? \t\r\n!\"#$%&*;<=>@[]^_`{|}"
BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def encode(input, errors="strict"):
    output = []
    run = []  # letters of a shifted sequence
    for letter in input:
        if letter in DIRECT or (letter == "+" and not run):
            if run:
                output.append(_shifted(run))
                if letter.encode() in BASE64 or letter == "-":
                    output.append(b"-")
                run = []
            output.append(b"+-" if letter == "+" else letter.encode())
        else:
            run.append(letter)
    if run:
        output.append(_shifted(run) + b"-")
    return b"".join(output), len(input)


def _shifted(run):
    data = "".join(run).encode("utf-16-be", "surrogatepass")
    return b"+" + b2a_base64(data).rstrip(b"\n=")


def decode(input, errors="strict"):
    data = bytes(input)
    output = []
    at = 0
    while at < len(data):
        byte = data[at]
        if byte == 43:
            at = _unshift(data, at, errors, output)
        elif byte < 128:
            output.append(chr(byte))
            at += 1
        else:
            at = failed(data, at, at + 1, errors, "utf7", "unexpected special character", output)
    return "".join(output), len(data)


def _unshift(data, start, errors, output):
    """Append the text of the shifted sequence at `start`. Returns where to go on."""
    at = start + 1
    while at < len(data) and data[at : at + 1] in BASE64:
        at += 1
    digits = data[start + 1 : at]
    end = at + 1 if data[at : at + 1] == b"-" else at
    if not digits:
        if end > at:
            output.append("+")
            return end
        return failed(data, start, end, errors, "utf7", "ill-formed sequence", output)
    whole = a2b_base64(digits + b"A" * (-len(digits) % 4))[: len(digits) * 6 // 8 & ~1]
    spare = len(digits) * 6 - len(whole) * 8
    if spare >= 6:
        return failed(data, start, end, errors, "utf7", "partial character in base64 sequence", output)
    output.append(whole.decode("utf-16-be", "surrogatepass"))
    return end


def getregentry():
    return registry(NAME, encode, decode)
