# pure.py - the wire primitives in plain Python: the reference that port/wire is tested against. Not frozen
# into images.
#
# Offsets and lengths outside the buffer raise ValueError("bounds"), as in C; the buffers are then unchanged.
import struct
from hashlib import sha256  # noqa: F401 - a primitive where hashlib is the application's

LAYOUT_OTHER = 0  # other options, to be parsed one by one
LAYOUT_NONE = 1  # a header of 20 bytes
LAYOUT_TIMESTAMPS = 2  # NOP, NOP, timestamps: the layout of RFC 7323 appendix A

_M64 = (1 << 64) - 1


def _check(buf, off, n):
    if off < 0 or n < 0 or off + n > len(buf):
        raise ValueError("bounds")


def u16(buf, off):
    """Return the 16-bit big-endian number at `off`."""
    _check(buf, off, 2)
    return buf[off] << 8 | buf[off + 1]


def u32(buf, off):
    """Return the 32-bit big-endian number at `off`."""
    _check(buf, off, 4)
    return struct.unpack_from("!I", buf, off)[0]


def put16(buf, off, value):
    """Store the low 16 bits of `value`, big-endian."""
    _check(buf, off, 2)
    struct.pack_into("!H", buf, off, value & 0xFFFF)


def put32(buf, off, value):
    """Store the low 32 bits of `value`, big-endian."""
    _check(buf, off, 4)
    struct.pack_into("!I", buf, off, value & 0xFFFFFFFF)


def nbytes(obj, writable=False):
    """Return the length of a buffer in bytes; -1 for an object without the buffer protocol or, if
    `writable`, a read-only one."""
    try:
        view = memoryview(obj)
    except TypeError:
        return -1
    return -1 if writable and view.readonly else view.nbytes


def _octets(buf):
    """Return a buffer of wider items as bytes."""
    return buf if isinstance(buf, (bytes, bytearray)) else memoryview(buf).cast("B")


def copy(dst, dst_off, src, src_off, n):
    """Assign dst[dst_off:dst_off+n] = src[src_off:src_off+n] without slices; the two may overlap."""
    dst, src = _octets(dst), _octets(src)
    _check(dst, dst_off, n)
    _check(src, src_off, n)
    dst[dst_off : dst_off + n] = bytes(src[src_off : src_off + n])


def sum16(buf, off, n, initial=0):
    """Return the one's complement sum of RFC 1071, folded to 16 bits and not inverted; an odd last byte is
    padded with zero."""
    _check(buf, off, n)
    data = bytes(buf[off : off + n])
    if n & 1:
        data += b"\0"
    total = initial + sum(struct.unpack("!%dH" % (len(data) >> 1), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def ring_put(ring, pos, src, off, n):
    """Copy n bytes of `src` into the ring at the free-running position `pos`, wrapping."""
    src = _octets(src)
    _check(src, off, n)
    size = len(ring)
    if n > size:
        raise ValueError("bounds")
    if not n:
        return
    pos %= size
    first = min(n, size - pos)
    ring[pos : pos + first] = src[off : off + first]
    ring[0 : n - first] = src[off + first : off + n]


def ring_get(ring, pos, dst, off, n):
    """Copy n bytes of the ring at the free-running position `pos` into `dst`, wrapping."""
    dst = _octets(dst)
    _check(dst, off, n)
    size = len(ring)
    if n > size:
        raise ValueError("bounds")
    if not n:
        return
    pos %= size
    first = min(n, size - pos)
    dst[off : off + first] = ring[pos : pos + first]
    dst[off + first : off + n] = ring[0 : n - first]


def tcp_header(buf, template, n, seq, ack, flags, wnd, tsval, tsecr, full):
    """Complete a frame whose payload of n bytes is in place behind the header. Returns the frame's length.

    `template` is the header of one connection: Ethernet, IPv4, TCP, 54 bytes, or 66 with timestamps
    (appendix A of RFC 7323); with IPv6 74 or 86 bytes. Without data the ECT bits are cleared (RFC 3168
    6.1.4). The TCP checksum is the whole one if `full`, else the sum of the pseudo header for a device
    that completes it."""
    size = len(template)
    tcp = 54 if size > 66 else 34
    if size - tcp not in (20, 32) or not 0 <= n <= 0xFFFF - (size - 14):
        raise ValueError("bounds")
    _check(buf, 0, size + n)
    buf[0:size] = template
    length = size - tcp + n
    if not n:
        buf[15] &= 0xFC if tcp == 34 else 0xCF
    if tcp == 34:
        put16(buf, 16, 20 + length)
        put16(buf, 24, 0)
        put16(buf, 24, ~sum16(buf, 14, 20))
        pseudo = sum16(buf, 26, 8, 6 + length)
    else:
        put16(buf, 18, length)
        pseudo = sum16(buf, 22, 32, 6 + length)
    put32(buf, tcp + 4, seq)
    put32(buf, tcp + 8, ack)
    buf[tcp + 13] = flags & 0xFF
    put16(buf, tcp + 14, wnd)
    put16(buf, tcp + 16, 0)
    if size - tcp == 32:
        put32(buf, tcp + 24, tsval)
        put32(buf, tcp + 28, tsecr)
    put16(buf, tcp + 16, ~sum16(buf, tcp, length, pseudo) if full else pseudo)
    return size + n


class Segment:
    """One received TCP segment, parsed into attributes; reused for every segment.

    sport dport seq ack flags wnd up: the header's fields; header: its offset in the frame; off, len: offset
    and length of the data; layout: the layout of the options (LAYOUT_*), with LAYOUT_TIMESTAMPS also tsval
    and tsecr; src, dst: IPv4 addresses (parse only; 0 with IPv6). `secret` is 72 unpredictable bytes, for
    hash6(); `number` is that of the interface, below 32. packets, bytes: counters of all frames given to
    parse(); ipv4, ipv6: of those to our MAC address, by EtherType.
    """

    def __init__(self, mac, secret, number=0):
        self._mac = bytes(mac)
        self._number = number << 56
        self._keys = struct.unpack("!9Q", secret)
        self._ends = b""
        self.packets = self.bytes = self.ipv4 = self.ipv6 = 0
        self.sport = self.dport = self.seq = self.ack = self.flags = self.wnd = self.up = 0
        self.header = self.off = self.len = self.layout = self.tsval = self.tsecr = self.src = self.dst = 0

    def parse(self, frame, n, verify):
        """Parse a frame of the most common form: Ethernet to our address, IPv4 without options or
        fragments, TCP, checksums correct, no CE mark (RFC 3168); or the same with an IPv6 header directly
        before TCP's.

        Returns the key of the connection, `number << 56 | addresses << 16 | remote port`, where `addresses`
        is 7 bits of the local address above the remote one, with IPv6 hash6(both); or -1 for every other
        frame, which the layers then parse. `verify` is false if the device has verified
        the TCP checksum."""
        _check(frame, 0, n)
        self.packets += 1
        self.bytes += n
        if n < 14 or bytes(frame[0:6]) != self._mac:
            return -1
        ethertype = u16(frame, 12)
        if ethertype == 0x86DD:
            self.ipv6 += 1
            return self._parse6(frame, n, verify)
        if ethertype != 0x0800:
            return -1
        self.ipv4 += 1
        return self._parse4(frame, n, verify)

    def _parse4(self, frame, n, verify):
        if n < 54 or frame[14] != 0x45 or frame[15] & 3 == 3:
            return -1
        total = u16(frame, 16)
        if (
            total < 40
            or total > n - 14
            or u16(frame, 20) & 0x3FFF
            or frame[23] != 6
            or sum16(frame, 14, 20) != 0xFFFF
        ):
            return -1
        pseudo = sum16(frame, 26, 8, 6 + total - 20) if verify else -1
        if self.parse_tcp(frame, 34, 14 + total, pseudo):
            return -1
        self.src = u32(frame, 26)
        self.dst = u32(frame, 30)
        self._ends = b""
        dst = self.dst
        fold = (dst ^ dst >> 7 ^ dst >> 14 ^ dst >> 21 ^ dst >> 28) & 127
        return self._number | fold << 49 | self.src << 16 | self.sport

    def _parse6(self, frame, n, verify):
        if n < 74 or frame[14] >> 4 != 6 or frame[20] != 6 or frame[15] & 0x30 == 0x30:
            return -1
        length = u16(frame, 18)
        if length < 20 or length > n - 54:
            return -1
        pseudo = sum16(frame, 22, 32, 6 + length) if verify else -1
        if self.parse_tcp(frame, 54, 54 + length, pseudo):
            return -1
        self.src = self.dst = 0
        self._ends = bytes(frame[22:54])
        return self._number | self.hash6(frame, 22) << 16 | self.sport

    def between(self, ends):
        """Whether the last parsed segment came over IPv6 with these addresses: its source and its
        destination."""
        return len(ends) == 32 and self._ends == bytes(ends)

    def hash6(self, buf, off):
        """Return a hash of at least 2**32 of the two IPv6 addresses at buf[off:]. It is strongly universal
        (Carter and Wegman): without the secret no collision can be constructed."""
        _check(buf, off, 32)
        total = self._keys[8]
        for key, word in zip(self._keys, struct.unpack_from("!8I", buf, off)):
            total += key * word
        return 1 << 32 | (total & _M64) >> 32

    def parse_tcp(self, frame, off, end, pseudo):
        """Parse the TCP segment frame[off:end]; `pseudo` is the sum of the pseudo header, or -1 not to
        verify. Returns 0, or -1 for a malformed header, -2 for a wrong checksum (RFC 9293 3.1); then no
        attribute has changed."""
        if end < off or end - off > 0xFFFF:
            raise ValueError("bounds")
        _check(frame, off, end - off)
        if end - off < 20:
            return -1
        size = (frame[off + 12] >> 4) * 4
        if size < 20 or size > end - off:
            return -1
        if pseudo >= 0 and sum16(frame, off, end - off, pseudo) != 0xFFFF:
            return -2
        fields = struct.unpack_from("!HHIIBBHHH", frame, off)
        self.sport, self.dport, self.seq, self.ack, _, self.flags, self.wnd, _, self.up = fields
        self.header = off
        self.off = off + size
        self.len = end - off - size
        self.tsval = self.tsecr = 0
        self.layout = LAYOUT_NONE if size == 20 else LAYOUT_OTHER
        if size == 32 and u32(frame, off + 20) == 0x0101080A:
            self.layout = LAYOUT_TIMESTAMPS
            self.tsval = u32(frame, off + 24)
            self.tsecr = u32(frame, off + 28)
        return 0


class Transmit:
    """Transmission by an interface: transmit(frame, n, csum_start=0, csum_offset=0, gso_size=0) calls
    device.write() with these arguments, and returns whether the device has taken frame[:n].

    packets, bytes: counters of the frames taken; ipv4, ipv6: of packets by EtherType; segments: of TCP
    segments without IP options or extension headers, as the device cuts them. `hook`: called instead of
    the device, or None.
    """

    def __init__(self, device):
        self._write = device.write
        self.hook = None
        self.packets = self.bytes = self.ipv4 = self.ipv6 = self.segments = 0

    def __call__(self, frame, n, *offload):
        if self.hook is not None:
            return self.hook(frame, n, *offload)
        return self.write(frame, n, *offload)

    def write(self, frame, n, *offload):
        """Transmit without the hook."""
        _check(frame, 0, n)
        taken = self._write(frame, n, *offload)
        if taken:
            self._count(frame, n, offload[2] if len(offload) > 2 else 0)
        return taken

    def _count(self, frame, n, gso):
        self.packets += 1
        self.bytes += n
        if n < 34:
            return
        ethertype = u16(frame, 12)
        if ethertype == 0x0800:
            self.ipv4 += 1
            if frame[14] == 0x45 and frame[23] == 6:
                self.segments += _segments(frame, n, 34, gso)
        elif ethertype == 0x86DD:
            self.ipv6 += 1
            if frame[20] == 6:
                self.segments += _segments(frame, n, 54, gso)


def _segments(frame, n, at, gso):
    header = 0 if n < at + 20 else (frame[at + 12] >> 4) * 4
    if not gso or not header or n <= at + header:
        return 1
    return (n - at - header + gso - 1) // gso
