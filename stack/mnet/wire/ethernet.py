# ethernet.py - Ethernet II framing (IEEE 802.3 3.2.6, the type interpretation). Bytes only.
from micropython import const

from .primitives import put16

HEADER = const(14)
IPV4 = const(0x0800)
ARP = const(0x0806)
IPV6 = const(0x86DD)
_VLAN = (0x8100, 0x88A8, 0x9100)  # IEEE 802.1Q, 802.1ad
_LENGTHS = const(0x600)  # below, the field is a length: IEEE 802.3
BROADCAST = b"\xff\xff\xff\xff\xff\xff"


def multicast4(address):
    """Return the MAC address of an IPv4 group (RFC 1112 6.4)."""
    return b"\x01\x00\x5e" + (address & 0x7FFFFF).to_bytes(3, "big")


def foreign(ethertype):
    """Return the drop reason of a frame that is neither IP nor ARP."""
    if ethertype < _LENGTHS:
        return "ethernet_802_3"
    return "ethernet_vlan" if ethertype in _VLAN else "ethernet_type"


def header(dst, src, ethertype):
    """Return a header; dst and src are 6 bytes each."""
    return dst + src + ethertype.to_bytes(2, "big")


def write(buf, dst, src, ethertype):
    """Write a header at the start of `buf`; dst and src are 6 bytes each."""
    buf[0:6] = dst
    buf[6:12] = src
    put16(buf, 12, ethertype)
