# Hash functions at the ends of their blocks: what CPython prints, as its checksum.
import hashlib
import zlib

lines = []


def said(*values):
    lines.append(" ".join([str(value) for value in values]))


names = sorted(hashlib.algorithms_guaranteed)
sizes = [0, 1, 3, 55, 56, 63, 64, 65, 71, 72, 73, 103, 104, 111, 112, 119, 120, 127, 128, 129, 135, 136, 137]
sizes += [143, 144, 145, 167, 168, 169, 1000]
for name in names:
    for size in sizes:
        data = bytes([(i * 7 + 3) & 255 for i in range(size)])
        hasher = hashlib.new(name, data[: size // 3])
        copy = hasher.copy()
        for at in range(size // 3, size, 37):
            hasher.update(data[at : min(size, at + 37)])
        wanted = (300,) if name[:5] == "shake" else ()
        assert copy.hexdigest(*wanted) == hashlib.new(name, data[: size // 3]).hexdigest(*wanted)
        said(name, size, hasher.digest_size, hasher.block_size, hasher.name, hasher.hexdigest(*wanted))
assert zlib.crc32("\n".join(lines).encode()) == 1156079843, "\n".join(lines)
