"""When a guest replies to its first ping: an ICMP echo request (RFC 792) per millisecond until the first
reply."""

import select
import socket
import struct
import time

ECHO_REPLY, ECHO_REQUEST = 0, 8
HEADER = struct.Struct("!BBHHH")
IDENTIFIER = 0x706D
INTERVAL = 0.001


def checksum(data: bytes) -> int:
    """Return the checksum of RFC 1071 of an even number of bytes."""
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def request(sequence: int) -> bytes:
    plain = HEADER.pack(ECHO_REQUEST, 0, 0, IDENTIFIER, sequence)
    return HEADER.pack(ECHO_REQUEST, 0, checksum(plain), IDENTIFIER, sequence)


def is_reply(packet: bytes) -> bool:
    """Whether this is an IPv4 packet with a reply to one of our requests."""
    header = (packet[0] & 15) * 4
    kind, _, _, identifier, _ = HEADER.unpack_from(packet, header)
    return bool(kind == ECHO_REPLY and identifier == IDENTIFIER)


def first_answer(address: str, timeout: float) -> float:
    """Return time.monotonic() of the first reply. TimeoutError."""
    deadline = time.monotonic() + timeout
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as icmp:
        for sequence in range(0x10000):
            icmp.sendto(request(sequence), (address, 0))
            while select.select([icmp], [], [], INTERVAL)[0]:
                if is_reply(icmp.recv(2048)):
                    return time.monotonic()
            if time.monotonic() > deadline:
                break
    raise TimeoutError(f"no answer from {address} in {timeout} s")
