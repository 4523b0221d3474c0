# template.py - what the frames of a connection have in common: the header, and how much data one may carry.
from micropython import const

from ..wire import ethernet, ipv4
from ..wire import tcp as wire
from ..wire.primitives import copy, put16
from . import ecn

_TSO4 = const(4)  # bits of device.features
_TSO6 = const(8)
_HEADER = const(32)  # with timestamps


def largest_frame(tcb):
    """Return how much data one frame to the device may carry: several segments with segmentation offload, at
    most 65535 bytes with the IP header."""
    cuts = tcb.link.device.features & (_TSO4 if tcb.ip.ethertype == ethernet.IPV4 else _TSO6)
    if tcb.link.full_checksum or not cuts:
        return tcb.snd_mss
    return (65535 - tcb.ip.header - _HEADER) // tcb.snd_mss * tcb.snd_mss


def header_template(tcb, neighbor):
    """Build the header template of an established connection; output.build() fills in the variable fields."""
    ip = tcb.ip
    at = ip.payload
    header = bytearray(at + (_HEADER if tcb.ts_on else wire.HEADER))
    copy(header, 0, neighbor.header, 0, ethernet.HEADER)
    settings = tcb.settings
    tos = settings.tos if tcb.ecn is None else settings.tos | ecn.ECT
    ip.write(header, tcb.local, tcb.remote, ipv4.TCP, 0, settings.ttl or ip.hop_limit, tos)
    put16(header, at, tcb.lport)
    put16(header, at + 2, tcb.rport)
    header[at + 12] = (len(header) - at) << 2
    if tcb.ts_on:
        wire.write_timestamps(header, at + wire.HEADER, 0, 0)
    return header
