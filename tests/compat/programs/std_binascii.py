# Binascii, whole: what CPython prints, as its checksum.
import binascii
import zlib

lines = []


def said(*values):
    lines.append(" ".join([str(value) for value in values]))


for size in range(50):
    data = bytes([i * 37 % 256 for i in range(size)])
    said(binascii.b2a_base64(data), binascii.hexlify(data, "-", 3), binascii.hexlify(data, b":", -4))
    said(
        binascii.crc32(data),
        binascii.crc_hqx(data, 5),
        binascii.b2a_qp(data),
        binascii.b2a_qp(data, True, False, True),
    )
    if size < 46:
        line = binascii.b2a_uu(data)
        said(line, binascii.b2a_uu(data, backtick=True), binascii.a2b_uu(line) == data)
    said(binascii.a2b_qp(binascii.b2a_qp(data)) == data)
for strict in (False, True):
    for text in (
        "",
        "YQ==",
        "YQ=",
        "YQ",
        "Y",
        "=",
        "Y=Q=",
        "YQ==YQ==",
        "YW\nJj",
        "YWJj=",
        "YQ=a",
        "====",
        "YWJj YWJj",
    ):
        try:
            said(text, binascii.a2b_base64(text, strict_mode=strict))
        except binascii.Error as error:
            said(text, error)
for call, text in (
    (binascii.unhexlify, "0"),
    (binascii.unhexlify, "0g"),
    (binascii.a2b_uu, "!x"),
    (binascii.a2b_uu, "\x7f"),
    (binascii.a2b_uu, "!a   zz"),
    (binascii.a2b_hex, "\xe9\xe9"),
):
    try:
        said(call(text))
    except ValueError as error:
        said(error)
assert zlib.crc32("\n".join(lines).encode()) == 1274413140, "\n".join(lines)
