"""Checksum and segmentation offload of a network card, and corruption of frames."""

import random
import struct

from unit.mnet.frames import FIN, PSH, SYN, checksum, pseudo

from sim.referee import ends, is_tcp


def flip_bit(frame: bytes, dice: random.Random) -> bytes:
    """Flip one bit of the packet, behind the Ethernet header: only the FCS protects that."""
    damaged = bytearray(frame)
    damaged[dice.randrange(14, len(frame))] ^= 1 << dice.randrange(8)
    return bytes(damaged)


def sum_again(frame: bytes) -> bytes:
    """Return the packet with correct length and checksums: TCP, UDP and ICMP; over IPv6 without
    extensions."""
    fixed = bytearray(frame)
    if frame[12:14] == b"\x86\xdd":
        return _sum_again6(fixed)
    header = 14 + (fixed[14] & 15) * 4
    if header < 34 or header > len(fixed):
        return frame
    fixed[16:18] = struct.pack("!H", (len(fixed) - 14) & 0xFFFF)
    fixed[24:26] = b"\0\0"
    fixed[24:26] = struct.pack("!H", checksum(bytes(fixed[14:header])))
    place = {6: 16, 17: 6, 1: 2}.get(fixed[23])
    if place is None or header + place + 2 > len(fixed):
        return bytes(fixed)
    at = header + place
    fixed[at : at + 2] = b"\0\0"
    body = bytes(fixed[header:])
    src, dst = struct.unpack("!II", fixed[26:34])
    head = b"" if fixed[23] == 1 else pseudo(src, dst, fixed[23], len(body) & 0xFFFF)
    fixed[at : at + 2] = struct.pack("!H", checksum(head + body))
    return bytes(fixed)


def _sum_again6(fixed: bytearray) -> bytes:
    if len(fixed) < 54:
        return bytes(fixed)
    fixed[18:20] = struct.pack("!H", (len(fixed) - 54) & 0xFFFF)
    place = {6: 16, 17: 6, 58: 2}.get(fixed[20])
    if place is None or 54 + place + 2 > len(fixed):
        return bytes(fixed)
    at = 54 + place
    fixed[at : at + 2] = b"\0\0"
    body = bytes(fixed[54:])
    head = pseudo(bytes(fixed[22:38]), bytes(fixed[38:54]), fixed[20], len(body) & 0xFFFF)
    fixed[at : at + 2] = struct.pack("!H", checksum(head + body))
    return bytes(fixed)


def cut(frame: bytes, size: int) -> list[bytes]:
    """Cut a TCP super-segment into segments of at most `size` bytes of data (TSO)."""
    tcp = 54 if frame[12:14] == b"\x86\xdd" else 34
    text = tcp + (frame[tcp + 12] >> 4) * 4
    seq = struct.unpack("!I", frame[tcp + 4 : tcp + 8])[0]
    segments = []
    for start in range(text, len(frame), size):
        part = bytearray(frame[:text] + frame[start : start + size])
        part[tcp + 4 : tcp + 8] = struct.pack("!I", (seq + start - text) & 0xFFFFFFFF)
        if start + size < len(frame):
            part[tcp + 13] &= ~(FIN | PSH)
        segments.append(sum_again(part))
    return segments


def without_options(*kinds: int):
    """A middlebox that blanks these options in every SYN."""

    def rewrite(frame: bytes) -> bytes:
        if not is_tcp(frame):
            return frame
        _, _, tcp, _ = ends(frame)
        if not frame[tcp + 13] & SYN:
            return frame
        changed = bytearray(frame)
        off, end = tcp + 20, tcp + (frame[tcp + 12] >> 4) * 4
        while off < end and changed[off]:
            size = 1 if changed[off] == 1 else changed[off + 1]
            if changed[off] in kinds:
                changed[off : off + size] = b"\1" * size
            off += size
        return sum_again(changed)

    return rewrite
