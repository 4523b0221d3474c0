# The parameters of BLAKE2: what CPython prints, as its checksum.
import hashlib
import zlib

lines = []


def said(*values):
    lines.append(" ".join([str(value) for value in values]))


key = bytes(range(64))
for size in (1, 16, 32):
    for options in (
        {},
        {"key": key[:32]},
        {"salt": b"12345678"},
        {"person": b"me", "key": b"k"},
        {
            "fanout": 2,
            "depth": 2,
            "leaf_size": 9,
            "node_offset": 3,
            "node_depth": 1,
            "inner_size": 20,
            "last_node": True,
        },
    ):
        for make in (hashlib.blake2b, hashlib.blake2s):
            for text in (b"", b"abc", key * 5):
                said(make(text, digest_size=size, **options).hexdigest())
for right in ({"digest_size": True}, {"node_offset": (1 << 64) - 1}, {"fanout": False, "leaf_size": 5}):
    said(hashlib.blake2b(b"", **right).hexdigest())
for wrong in (
    {"digest_size": 0},
    {"digest_size": 65},
    {"key": bytes(65)},
    {"salt": bytes(17)},
    {"fanout": 256},
    {"depth": 0},
    {"leaf_size": 1 << 32},
    {"node_offset": -1},
    {"inner_size": 65},
):
    try:
        hashlib.blake2b(**wrong)
        said("taken")
    except (ValueError, OverflowError) as error:
        said(wrong, "refused")
said(hashlib.blake2s.MAX_KEY_SIZE, hashlib.blake2b.SALT_SIZE, hashlib.blake2s.PERSON_SIZE)
assert zlib.crc32("\n".join(lines).encode()) == 1304879549, "\n".join(lines)
