# arp.py - ARP for IPv4 over Ethernet, RFC 826. Bytes only; offsets are those of a whole frame.
from micropython import const

from ..errors import ParseError
from .primitives import put16, put32, u16, u32

SIZE = const(42)
REQUEST = const(1)
REPLY = const(2)
_ETHERNET = const(1)
_IPV4 = const(0x0800)


def parse(frame, n):
    """Parse frame[:n] into (operation, sender's MAC, sender's address, target's address). ParseError if it
    is not IPv4 over Ethernet."""
    if n < SIZE:
        raise ParseError("arp_short")
    if u16(frame, 14) != _ETHERNET or u16(frame, 16) != _IPV4 or frame[18] != 6 or frame[19] != 4:
        raise ParseError("arp_other_hardware")
    return u16(frame, 20), bytes(frame[22:28]), u32(frame, 28), u32(frame, 38)


def write(buf, operation, sender_mac, sender, target_mac, target):
    """Write an ARP packet behind the Ethernet header of `buf`. Returns the frame's length."""
    put16(buf, 14, _ETHERNET)
    put16(buf, 16, _IPV4)
    buf[18] = 6
    buf[19] = 4
    put16(buf, 20, operation)
    buf[22:28] = sender_mac
    put32(buf, 28, sender)
    buf[32:38] = target_mac
    put32(buf, 38, target)
    return SIZE
