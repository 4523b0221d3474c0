"""Frames in tcpdump's format."""

import socket
import struct

from unit.mnet.frames import LETTERS


def describe(frame: bytes) -> str:
    """Return one line about a frame."""
    if len(frame) >= 42 and frame[12:14] == b"\x08\x06":
        sender, target = address(frame[28:32]), address(frame[38:42])
        return (
            f"ARP who-has {target} tell {sender}"
            if frame[21] == 1
            else f"ARP {sender} is-at {frame[22:28].hex(':')}"
        )
    if len(frame) >= 54 and frame[12:14] == b"\x86\xdd":
        ends = f"{socket.inet_ntop(10, frame[22:38])} > {socket.inet_ntop(10, frame[38:54])}"
        if frame[20] == 6 and len(frame) >= 74:
            return f"{ends} {tcp(frame[54:])}"
        if frame[20] == 58 and len(frame) >= 58:
            return f"{ends} ICMPv6 {frame[54]} code {frame[55]}, {len(frame) - 54} bytes"
        return f"{ends} next header {frame[20]}, {len(frame) - 54} bytes"
    if len(frame) < 34 or frame[12:14] != b"\x08\0":
        return f"{len(frame)} bytes"
    body = frame[34:]
    ends = f"{address(frame[26:30])} > {address(frame[30:34])}"
    if frame[23] == 6 and len(body) >= 20:
        return f"{ends} {tcp(body)}"
    if frame[23] == 17 and len(body) >= 8:
        return "{} UDP {} > {} ({})".format(ends, *struct.unpack("!HHH", body[:6]))
    return f"{ends} protocol {frame[23]}, {len(body)} bytes"


def tcp(body: bytes) -> str:
    sport, dport, seq, ack, offset, bits, window = struct.unpack("!HHIIBBH", body[:16])
    flags = "".join(letter for letter, bit in LETTERS if bits & bit) or "none"
    n = len(body) - (offset >> 4) * 4
    return f"{sport} > {dport} {flags} {seq}:{(seq + n) & 0xFFFFFFFF}({n}) ack {ack} win {window}"


def address(raw: bytes) -> str:
    return ".".join(map(str, raw))
