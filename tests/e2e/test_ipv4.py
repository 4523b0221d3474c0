"""IPv4 with Linux as the neighbor: fragments, errors, ARP, groups."""

import errno
import random
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from e2e import lab, peers
from e2e.ear import Ear
from scapy.layers.inet import ICMP, IP, UDP
from scapy.layers.l2 import ARP, Ether
from scapy.packet import Raw

from host.net import netns, tap
from host.run.guest import Guest

SIZES = (1473, 2952, 4000, 9000, 16384, 40000, 65506, 65507)
FAR, ROUTER = "10.9.0.2", "10.9.0.1"
NARROW = 1000
EVERYBODY = "ff:ff:ff:ff:ff:ff"
STRANGER = "02:00:00:00:00:aa"


def udp(timeout: float = peers.TIMEOUT) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.settimeout(timeout)
    return sock


# Sizes


def test_pings_of_every_size_class(echo: Guest) -> None:  # ICMP-1
    with peers.Pinger(lab.GUEST) as pinger:
        for size in SIZES[:-2] + (65499, 65500):  # Linux's raw sockets: 65507 with the ICMP header
            pinger.ping(size)


def test_a_flood_of_large_pings(echo: Guest) -> None:
    sizes = random.Random(3)
    with peers.Pinger(lab.GUEST) as pinger:
        for _ in range(100):
            pinger.ping(*(sizes.randrange(1000, 9000) for _ in range(4)))


def test_datagrams_of_every_size_class(echo: Guest) -> None:  # UDP-9
    contents = random.Random(4)
    with udp() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        sock.connect((lab.GUEST, lab.PORT))
        for size in SIZES:
            data = contents.randbytes(size)
            sock.send(data)
            assert sock.recv(65536) == data


def test_fragments_in_any_order(echo: Guest) -> None:  # V4-6
    data = random.Random(5).randbytes(4000)
    packet = IP(src=lab.HOST, dst=lab.GUEST, id=77) / UDP(sport=5555, dport=lab.PORT) / Raw(data)
    whole = bytes(IP(bytes(packet)))[20:]
    pieces = [(at, whole[at : at + 1000]) for at in range(0, len(whole), 1000)]
    with udp() as sock, Ear("tap0") as ear:
        sock.bind((lab.HOST, 5555))
        mac = guest_mac(ear)
        for at, piece in reversed(pieces):
            head = IP(src=lab.HOST, dst=lab.GUEST, id=77, proto=17, frag=at >> 3)
            head.flags = "MF" if at + 1000 < len(whole) else 0
            ear.say(Ether(src=ear.mac, dst=mac) / head / Raw(piece))
        assert sock.recv(65536) == data


# Errors


def test_closed_port_refuses(echo: Guest) -> None:  # V4-10, UDP-7
    with udp() as sock:
        sock.connect((lab.GUEST, 9001))
        sock.send(b"anybody?")
        with pytest.raises(ConnectionRefusedError):
            sock.recv(100)


def test_port_unreachable_is_reported_to_the_guest(probe: Guest) -> None:  # UDP-7
    assert peers.ask(lab.GUEST, "refused") == errno.ECONNREFUSED


def test_traceroute_ends_at_the_guest(echo: Guest) -> None:
    for hops in (1, 2, 30):
        with udp() as sock:
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, hops)
            sock.connect((lab.GUEST, 33434 + hops))
            sock.send(bytes(32))
            with pytest.raises(ConnectionRefusedError):
                sock.recv(100)


def test_traceroute_from_the_guest(tap0: str) -> None:
    tap.ip("address", "add", f"{ROUTER}/24", "dev", tap0)
    Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
    with lab.server(f"--ipv4-gateway={lab.HOST}", name=lab.PROBE):
        assert peers.ask(lab.GUEST, "traced") == [errno.ECONNREFUSED, errno.EHOSTUNREACH]


def test_unknown_protocol_is_unreachable(echo: Guest) -> None:  # V4-10, V4-12
    with Ear("tap0") as ear:
        packet = IP(src=lab.HOST, dst=lab.GUEST, proto=253) / Raw(b"what is this?")
        ear.say(Ether(src=ear.mac, dst=guest_mac(ear)) / packet)
        answer = ear.hear(ICMP, type=3)
        assert answer[ICMP].code == 2 and bytes(packet)[:20] == bytes(answer[ICMP].payload)[:20]


# Path MTU


@contextmanager
def far_away() -> Iterator[None]:
    """An echo server behind a router whose far link has an MTU of 1000 bytes."""
    ready, done = threading.Event(), threading.Event()
    place: list[int] = []

    def far() -> None:
        with netns.Namespace():
            place.append(threading.get_native_id())
            ready.set()
            assert done.wait(peers.TIMEOUT)
            done.clear()
            tap.ip("link", "set", "far", "up")
            tap.ip("address", "add", f"{FAR}/24", "dev", "far")
            # its MSS is that of full segments, but it sends none
            tap.ip("route", "add", "10.0.0.0/24", "via", ROUTER, "mtu", str(NARROW), "advmss", "1460")
            with peers.echo_server(FAR) as port:
                place.append(port)
                ready.set()
                done.wait(peers.TIMEOUT * 3)

    thread = threading.Thread(target=far)
    thread.start()
    try:
        assert ready.wait(peers.TIMEOUT)
        ready.clear()
        tap.ip(
            "link", "add", "near", "mtu", str(NARROW), "type", "veth", "peer", "name", "far", "mtu", "1500"
        )
        tap.ip("link", "set", "far", "netns", str(place[0]))
        tap.ip("link", "set", "near", "up")
        tap.ip("address", "add", f"{ROUTER}/24", "dev", "near")
        Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
        done.set()
        assert ready.wait(peers.TIMEOUT)
        far_away.port = place[1]  # type: ignore[attr-defined]
        yield
    finally:
        done.set()
        thread.join(peers.TIMEOUT)


def test_a_path_that_takes_less(tap0: str) -> None:
    with far_away(), Ear("tap0") as ear:
        arguments = f"--ipv4-gateway={lab.HOST} client {FAR}:{far_away.port} 300000"  # type: ignore[attr-defined]
        with lab.booted(lab.on_tap(arguments)) as client:
            error = ear.hear(ICMP, ours=True, type=3, code=4)[ICMP]
            assert error.nexthopmtu == NARROW and IP(bytes(error.payload)).flags == "DF"
            assert client.wait(60) == 0
            assert "300000 of 300000 bytes came back" in client.console.text


# ARP


def guest_mac(ear: Ear) -> str:
    ear.say(Ether(src=ear.mac, dst=EVERYBODY) / ARP(op=1, hwsrc=ear.mac, psrc=lab.HOST, pdst=lab.GUEST))
    return str(ear.hear(ARP, op=2, psrc=lab.GUEST).src)


def test_a_probe_is_answered(echo: Guest) -> None:  # ARP-7
    """The frames of arping -D."""
    with Ear("tap0") as ear:
        ear.say(
            Ether(src=STRANGER, dst=EVERYBODY) / ARP(op=1, hwsrc=STRANGER, psrc="0.0.0.0", pdst=lab.GUEST)
        )
        answer = ear.hear(ARP, op=2)
        assert (answer.psrc, answer.pdst, answer.hwdst) == (lab.GUEST, "0.0.0.0", STRANGER)


def claim(ear: Ear) -> None:
    ear.say(Ether(src=STRANGER, dst=EVERYBODY) / ARP(op=1, hwsrc=STRANGER, psrc=lab.GUEST, pdst=lab.GUEST))


def test_an_address_is_defended(echo: Guest) -> None:
    with Ear("tap0") as ear:
        for _ in range(3):
            claim(ear)
        answer = ear.hear(ARP, psrc=lab.GUEST)
        assert (answer[ARP].pdst, answer.dst) == (lab.GUEST, EVERYBODY)
    echo.wait_for(f"{lab.GUEST} is also used by {STRANGER}")
    peers.converse(lab.GUEST, lab.PORT, 10_000)


def test_a_probed_address_is_waited_for_and_given_up(tap0: str) -> None:  # ARP-7
    """--acd: three probes first. Linux has the address, then not; later an attacker keeps claiming it."""
    tap.ip("address", "add", f"{lab.GUEST}/32", "dev", "tap0")
    with Ear("tap0") as ear, lab.booted(lab.on_tap("--acd server")) as guest:
        assert ear.hear(ARP, pdst=lab.GUEST)[ARP].psrc == "0.0.0.0"
        guest.wait_for("waiting until it is free")
        tap.ip("address", "delete", f"{lab.GUEST}/32", "dev", "tap0")
        for _ in range(3):
            assert ear.hear(ARP, pdst=lab.GUEST)[ARP].psrc == "0.0.0.0"
        guest.wait_for(lab.READY)
        peers.converse(lab.GUEST, lab.PORT, 10_000)
        claim(ear)
        claim(ear)
        guest.wait_for("giving it up")
        guest_has_it_again = ear.hear(ARP, psrc=lab.GUEST, pdst=lab.GUEST, hwsrc=guest_mac_by_probe(ear))
        assert guest_has_it_again
        peers.eventually_converse(lab.GUEST, lab.PORT, 10_000)


def guest_mac_by_probe(ear: Ear) -> str:
    return str(ear.hear(ARP, psrc="0.0.0.0", pdst=lab.GUEST).src)


# Groups


def test_a_group_is_joined_and_heard(probe: Guest) -> None:
    group = "232.7.7.7"
    with Ear("tap0") as ear:
        assert peers.ask(lab.GUEST, "join") == group
        report = ear.hear(IP, dst="224.0.0.22", proto=2)
        assert report[IP].ttl == 1
        assert bytes(report[IP].payload)[:1] == b"\x22" and socket.inet_aton(group) in bytes(report)
    with udp(5) as sock:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(lab.HOST))
        sock.bind((lab.HOST, 0))
        lab.eventually(lambda: asked(sock, (group, 9998)), "a datagram to the group comes back")


def asked(sock: socket.socket, address: tuple[str, int]) -> bool:
    sock.sendto(b"to all of you", address)
    try:
        return sock.recvfrom(100) == (b"to all of you", (lab.GUEST, 9998))
    except TimeoutError:
        return False


def test_broadcasts(echo: Guest) -> None:
    with udp() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sock.bind((lab.HOST, 0))
        peers.ping(lab.GUEST)
        for address in ("10.0.0.255", "255.255.255.255"):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"tap0")
            sock.sendto(b"everybody", (address, lab.PORT))
            assert sock.recvfrom(100) == (b"everybody", (lab.GUEST, lab.PORT))


def test_spoofed_icmp_errors_have_no_effect(echo: Guest) -> None:  # BAD-12
    """RFC 5927: a spoofed ICMP error does not end a connection, nor does it shrink its segments."""
    with peers.connect(lab.GUEST, lab.PORT) as sock, Ear("tap0") as ear:
        sock.sendall(b"hello")
        assert sock.recv(100) == b"hello"
        mac, port = guest_mac(ear), sock.getsockname()[1]
        for sequence in (0, 1, 0x80000000):
            header = Raw(struct.pack("!HHI", lab.PORT, port, sequence))
            quote = IP(src=lab.GUEST, dst=lab.HOST, proto=6, len=1500) / header
            for code in (1, 2, 3, 4):
                error = IP(src=lab.HOST, dst=lab.GUEST) / ICMP(type=3, code=code, nexthopmtu=600) / quote
                ear.say(Ether(src=ear.mac, dst=mac) / error)
        peers.run([peers.Conversation(sock, 100_000)])


@pytest.mark.parametrize("host", ["0.1.2.3", "240.0.0.1", "255.255.255.254"])
def test_linux_refuses_addresses_of_no_host_with_the_same_errno(tap0: str, host: str) -> None:
    """Without a loopback route, as tests/unit/sockets/test_routes.py expects of the image."""
    for words in ("address flush dev lo", "link set lo down"):
        subprocess.run(["ip", *words.split()], check=True)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as datagram, socket.socket(family) as stream:
        for call in (lambda: datagram.sendto(b"x", (host, 9)), lambda: stream.connect((host, 9))):
            with pytest.raises(OSError) as caught:
                call()
            assert caught.value.errno in (
                errno.ENETUNREACH,
                errno.EADDRNOTAVAIL,
            )  # the latter: no IPv6 address
