# HMAC and PBKDF2: what CPython prints, as its checksum.
import hashlib
import hmac
import zlib

lines = []


def said(*values):
    lines.append(" ".join([str(value) for value in values]))


for name in ("md5", "sha1", "sha256", "sha512", "sha3_256"):
    for key in (b"", b"k", bytes(200)):
        said(hmac.new(key, b"message", name).hexdigest(), hmac.digest(key, b"message", name).hex())
    for count, length in ((1, None), (2, 20), (1000, 200)):
        said(hashlib.pbkdf2_hmac(name, b"password", b"salt", count, length).hex())
said(
    hmac.compare_digest("a", "a"),
    hmac.compare_digest(b"ab", bytearray(b"ac")),
    hmac.compare_digest("a", "ab"),
)
for pair in (("a", b"a"), ("\xe9", "\xe9"), (1, 2)):
    try:
        hmac.compare_digest(*pair)
        said("taken")
    except TypeError as error:
        said(error)
assert zlib.crc32("\n".join(lines).encode()) == 429430015, "\n".join(lines)
