# Zlib in every level and format: what CPython prints, as its checksum.
import zlib

lines = []


def said(*values):
    lines.append(" ".join([str(value) for value in values]))


data = bytes([i * i % 251 for i in range(3000)]) + b"text " * 2000
for level in range(-1, 10):
    for wbits in (15, -15, 31, 9, -9, 25):
        maker = zlib.compressobj(level, zlib.DEFLATED, wbits)
        packed = maker.compress(data) + maker.flush()
        said(level, wbits, len(packed), zlib.crc32(packed), zlib.decompress(packed, wbits) == data)
packed = zlib.compress(data)
unpacker = zlib.decompressobj()
total = b""
piece = packed + b"behind"
while not unpacker.eof:
    total += unpacker.decompress(piece, 100)
    piece = unpacker.unconsumed_tail
said(total == data, unpacker.unused_data)
said(zlib.adler32(data), zlib.crc32(data, 7), zlib.adler32(b""), zlib.crc32(b""))
maker = zlib.compressobj(zdict=b"text text ")
packed = maker.compress(b"text ") + maker.flush()
said(packed.hex(), zlib.decompressobj(zdict=b"text text ").decompress(packed))
for wrong in (b"", b"no", packed, zlib.compress(data)[:-1], zlib.compress(data)[:99] + bytes(99)):
    try:
        zlib.decompress(wrong)
        said("taken")
    except zlib.error as error:
        said(error)
assert zlib.crc32("\n".join(lines).encode()) == 991767457, "\n".join(lines)
