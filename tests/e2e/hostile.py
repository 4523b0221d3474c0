"""Hostile frames: valid ones, mutations of them, and random bytes, from a seed."""

import random
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from e2e import lab, peers
from scapy.layers.inet import ICMP, IP, TCP, UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import ARP, Ether
from scapy.packet import Packet, Raw

BATCH = 64
ICMP_PROTOCOL = 1
CHECKSUM_AT = {ICMP_PROTOCOL: 2, 6: 16, 17: 6}  # by protocol, in the header


def samples(mac: str) -> list[bytes]:
    """Return valid frames of every kind that the stack handles, and some that it does not."""
    ether = Ether(dst=mac, src="02:00:00:00:00:aa")
    ip = IP(src=lab.HOST, dst=lab.GUEST)
    options = [("MSS", 1460), ("SAckOK", b""), ("Timestamp", (1, 0)), ("NOP", None), ("WScale", 7)]
    packets: list[Packet] = [
        ether / ip / ICMP() / Raw(b"x" * 56),
        ether / ip / ICMP(type=3, code=4) / ip / TCP(sport=lab.PORT),
        ether / ip / UDP(sport=1000, dport=lab.PORT) / Raw(b"hello"),
        ether / ip / UDP(sport=1000, dport=9) / Raw(b"nobody"),
        ether / ip / TCP(sport=2000, dport=lab.PORT, flags="S", options=options),
        ether / ip / TCP(sport=2000, dport=lab.PORT, flags="A", seq=1, ack=1) / Raw(b"text" * 100),
        ether / ip / TCP(sport=2000, dport=lab.PORT, flags="FA", seq=5, ack=5),
        ether / ip / TCP(sport=2001, dport=1, flags="S"),
        ether / ip / TCP(sport=2000, dport=lab.PORT, flags="R", seq=7),
        ether / IP(src=lab.HOST, dst=lab.GUEST, flags="MF") / UDP(dport=lab.PORT) / Raw(bytes(800)),
        ether / IP(src=lab.HOST, dst=lab.GUEST, options=[b"\x07\x07\x04" + bytes(4)]) / ICMP(),
        ether / ARP(op=1, hwsrc="02:00:00:00:00:aa", psrc="10.0.0.9", pdst=lab.GUEST),
        ether / ARP(op=2, hwsrc="02:00:00:00:00:aa", psrc="10.0.0.9", hwdst=mac, pdst=lab.GUEST),
        ether / IPv6(dst="fe80::1") / UDP() / Raw(b"not yet"),
        Ether(dst="ff:ff:ff:ff:ff:ff", type=0x88CC) / Raw(bytes(60)),
    ]
    return [bytes(packet) for packet in packets]


def mutated(frame: bytes, chance: random.Random) -> bytes:
    """Change, cut off or insert some bytes of a frame, behind the addresses, so that it is not dropped at
    once."""
    changed = bytearray(frame)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(12, len(changed))
        kind = chance.randrange(8)
        if kind < 4:
            changed[at] ^= 1 << chance.randrange(8)
        elif kind < 6:
            changed[at] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
        elif kind == 6:
            del changed[max(at, 14) :]
        else:
            changed[at:at] = chance.randbytes(chance.randrange(1, 32))
        if len(changed) <= 14:
            break
    return bytes(changed)


def mended(frame: bytes) -> bytes:
    """Correct the checksums, so that the data behind them is parsed too."""
    header = (frame[14] & 15) * 4 if len(frame) > 14 else 0
    if frame[12:14] != b"\x08\x00" or header < 20 or len(frame) < 14 + header:
        return frame
    changed = bytearray(frame)
    total = int.from_bytes(frame[16:18], "big")
    end = min(max(14 + total, 14 + header), len(frame))
    changed[24:26] = bytes(2)
    changed[24:26] = peers.checksum(changed[14 : 14 + header]).to_bytes(2, "big")
    protocol, at = frame[23], CHECKSUM_AT.get(frame[23])
    if at is not None and end - 14 - header >= at + 2:
        body = changed[14 + header : end]
        body[at : at + 2] = bytes(2)
        pseudo = frame[26:34] + bytes([0, protocol]) + len(body).to_bytes(2, "big")
        checksum = peers.checksum((pseudo if protocol != ICMP_PROTOCOL else b"") + bytes(body))
        changed[14 + header + at : 16 + header + at] = checksum.to_bytes(2, "big")
    return bytes(changed)


def noise(mac: bytes, chance: random.Random) -> bytes:
    ethertype = chance.choice((b"\x08\x00", b"\x08\x00\x45", b"\x08\x06", b"\x86\xdd", chance.randbytes(2)))
    return mac + chance.randbytes(6) + ethertype + chance.randbytes(chance.choice((0, 20, 40, 60, 1400)))


def frames(mac: str, count: int, seed: int) -> Iterator[bytes]:
    """Return `count` frames: one in eight is random, half of the others have correct checksums."""
    chance = random.Random(seed)
    valid = samples(mac)
    address = bytes.fromhex(mac.replace(":", ""))
    for _ in range(count):
        kind = chance.randrange(8)
        frame = noise(address, chance) if kind == 0 else mutated(chance.choice(valid), chance)
        yield mended(frame) if kind > 3 else frame


def handed_over(interface: str) -> int:
    """Return how many frames the guest's runner has taken from the tap, or the kernel has dropped."""
    for line in Path("/proc/thread-self/net/dev").read_text().splitlines():
        name, _, numbers = line.partition(":")
        if name.strip() == interface:
            fields = numbers.split()
            return int(fields[9]) + int(fields[11])
    raise LookupError(interface)


def flood(interface: str, storm: Iterator[bytes], timeout: float = peers.TIMEOUT, longest: int = 1514) -> int:
    """Send every frame through the tap, no faster than the guest takes them. Returns how many were sent."""
    sent = 0
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as raw:
        raw.bind((interface, 0))
        start = handed_over(interface)
        for frame in storm:
            raw.send(frame[:longest])
            sent += 1
            if sent % BATCH == 0:
                wait_taken(interface, start + sent - BATCH, timeout)
        wait_taken(interface, start + sent, timeout)
    return sent


def wait_taken(interface: str, count: int, timeout: float) -> None:
    deadline = time.monotonic() + timeout
    while handed_over(interface) < count:
        assert time.monotonic() < deadline, "the guest takes no more frames"
        time.sleep(0.0005)


def long_frames(mac: str, count: int) -> Iterator[bytes]:
    """Return frames longer than a guest with an MTU of 1500 accepts: with a VLAN tag, and jumbo frames."""
    ether = bytes.fromhex(mac.replace(":", "")) + bytes.fromhex("0200000000aa")
    for number in range(count):
        yield (
            ether
            + (b"\x81\x00" if number % 2 else b"\x88\xb5")
            + bytes((1501, 1504, 2020, 2040, 9000)[number % 5])
        )


def syns(mac: str, count: int, seed: int) -> Iterator[bytes]:
    """Return SYNs to the echo port from addresses without a host, on the link and off it."""
    chance = random.Random(seed)
    template = Ether(dst=mac, src="02:00:00:00:00:aa") / IP(src=lab.HOST, dst=lab.GUEST)
    template /= TCP(dport=lab.PORT, flags="S", options=[("MSS", 1460)])
    for _ in range(count):
        host = chance.randrange(20, 250)
        template[IP].src = f"10.0.0.{host}" if chance.random() < 0.5 else f"192.0.2.{host}"
        template[TCP].sport, template[TCP].seq = chance.randrange(1024, 65536), chance.randrange(1 << 32)
        yield bytes(template)
