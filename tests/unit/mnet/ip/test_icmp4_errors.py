# ICMP errors: those sent (RFC 1122 3.2.2, RFC 1812 4.3.2), and the effect of those received (RFC 1122
# 4.1.3.3, 4.2.3.9, RFC 5461, RFC 5927).
import struct

from mnet.errors import ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, ENOPROTOOPT, EPROTO, ETIMEDOUT
from mnet.limits import ICMP_BURST, SECOND
from mnet.tcp.states import CLOSED, ESTABLISHED, SYN_SENT
from mnet.udp.endpoint import Endpoint
from unit.mnet import frames
from unit.mnet.builders import Host
from unit.mnet.frames import BROADCAST, OURS, PEER
from unit.mnet.sending import send_datagram
from unit.mnet.tcp.situations import opening

ROUTER = PEER + 7


def take(host):
    host.take()
    taken, host.others = host.others, []
    return taken


def error(host, kind, code, quote, rest=0, src=ROUTER, **ip):
    """Receive an ICMP error about a packet (without its Ethernet header) from a router."""
    host.input(frames.icmp(kind, code, struct.pack("!I", rest) + quote, src=src, **ip))


def endpoint(host, peer=(PEER, 5000), port=7):
    made = Endpoint()
    assert host.stack.udp.bind(made, port) == port
    made.peer = peer
    return made


def sent(host, n=10, dport=5000):
    """Return a datagram of ours, as a router quotes it."""
    send_datagram(host.stack, 7, PEER, dport, bytes(n), host.now)
    return take(host)[0].bytes[14:]


# Sent


def test_closed_udp_port_sends_port_unreachable():  # V4-10, V4-12, UDP-7
    host = Host()
    for n in (0, 100, 1400):
        frame = frames.udp(5000, 7, bytes(range(100)) * (n // 100))
        host.input(frame)
        (answer,) = take(host)
        assert (answer.type, answer.code, answer.src, answer.dst) == (3, 3, OURS, PEER)
        assert answer.rest[:4] == bytes(4) and answer.rest[4:] == frame[14 : 14 + 548]
        assert len(answer.bytes) - 14 <= 576 and answer.tos == 0xC0  # RFC 1812 4.3.2.3, 4.3.2.5


def test_unknown_protocol_sends_protocol_unreachable():  # V4-10
    host = Host()
    for protocol in (3, 41, 50, 255):
        frame = frames.ethernet(frames.ipv4(bytes(40), protocol))
        host.input(frame)
        (answer,) = take(host)
        assert (answer.type, answer.code, answer.rest[4:]) == (3, 2, frame[14:])


def test_no_icmp_error_for_groups_fragments_and_errors():  # V4-11
    def nobody(dst=OURS, src=PEER, **ip):
        return frames.udp(5000, 99, b"x", dst=dst, src=src, **ip)

    host = Host()
    for frame in (
        BROADCAST + nobody(dst=0xFFFFFFFF)[6:],
        BROADCAST + nobody(dst=0x0A0000FF)[6:],
        nobody(dst=0x0A0000FF),  # a broadcast in a frame for us alone
        BROADCAST + nobody()[6:],
        nobody(src=0),
        nobody(src=0x7F000001),
        nobody(src=0xE0000001),
        nobody(src=0x0A0000FF),
        nobody(src=0xF0000001),
        nobody(src=OURS),
        nobody(dst=PEER),
        frames.fragments(frames.udp(5000, 99, bytes(64)), 32)[1],
        frames.icmp(3, 3, bytes(60)),
        frames.icmp(11, 0, bytes(60)),
        frames.icmp(200, 0, bytes(60)),
        frames.icmp(3, 1, bytes(60), options=b"\x07\0\0\0"),  # malformed, but an error itself
        frames.icmp(200, 0, bytes(60), options=b"\x07\0\0\0"),
    ):
        host.input(frame)
        assert take(host) == [], frame


def test_icmp_errors_are_rate_limited():  # ICMP-6
    host = Host()
    host.now += 100 * SECOND
    for _ in range(ICMP_BURST * 3):
        host.input(frames.udp(5000, 7, b"x"))
    assert len(take(host)) == ICMP_BURST and host.drops["icmp_error_rate"] == 2 * ICMP_BURST
    host.now += SECOND
    host.input(frames.udp(5000, 7, b"x"))
    assert len(take(host)) == 1


# UDP


def test_connected_endpoint_gets_icmp_errors():  # UDP-7
    for kind, code, errno in (
        (3, 0, ENETUNREACH),
        (3, 1, EHOSTUNREACH),
        (3, 2, ENOPROTOOPT),
        (3, 3, ECONNREFUSED),
        (3, 13, EHOSTUNREACH),
        (11, 0, EHOSTUNREACH),
        (12, 0, EPROTO),
    ):
        host = Host()
        ours, woken = endpoint(host), []
        ours.on_readable = lambda: woken.append(1)  # noqa: B023
        error(host, kind, code, sent(host))
        assert ours.error == errno and woken == [1] and not host.drops


def test_unconnected_endpoint_gets_no_error():
    host = Host()
    ours = endpoint(host, peer=None)
    error(host, 3, 3, sent(host))
    assert not ours.error and not host.drops  # it could not attribute it to a datagram
    ours.peer = (PEER, 5001)
    error(host, 3, 3, sent(host))
    assert not ours.error and host.dropped("icmp_error_for_nobody") == 1


def test_malformed_quotes_are_dropped():  # BAD-12, V4-12, RFC 5927 4.1
    host = Host()
    ours = endpoint(host)
    right = sent(host)
    for n in range(28):
        error(host, 3, 3, right[:n])
    assert host.dropped("icmp_quote") == 28
    for at, value in ((0, 0x65), (0, 0x44), (0, 0x4F), (7, 1)):
        error(host, 3, 3, right[:at] + bytes((value,)) + right[at + 1 :])
    assert host.dropped("icmp_quote") == 4
    error(host, 3, 3, right[:12] + right[16:20] + right[12:16] + right[20:])  # from the peer, not from us
    assert host.dropped("icmp_quote_not_ours") == 1
    error(host, 3, 3, right[:9] + b"\x2f" + right[10:])
    error(host, 3, 3, right[:20] + b"\1\1" + right[22:])
    assert host.dropped("icmp_error_for_nobody") == 2
    host.input(BROADCAST + frames.icmp(3, 3, bytes(4) + right, dst=0x0A0000FF)[6:])
    assert host.dropped("icmp_quote_not_ours") == 1 and not ours.error


def test_ripple20_messages():  # BAD-7, ICMP-3, ICMP-5: odd types and lengths, and no answer to a mask request
    host = Host()
    for kind in (3, 4, 5, 11, 12, 13, 14, 15, 17, 18):
        for n in range(4, 40):
            host.input(frames.icmp(kind, 4, bytes(n)))
    assert take(host) == [] and set(host.drops) == {"icmp_ignored", "icmp_quote"}


def test_a_redirect_changes_nothing():  # ICMP-4
    host = Host(gateway=PEER)
    quote = sent(host)
    error(host, 5, 1, quote, rest=ROUTER, src=PEER)
    assert host.interface.ipv4.next_hop(0x08080808) == PEER and host.dropped("icmp_ignored") == 1


# Path MTU


def test_fragmentation_needed_lowers_the_path_mtu():  # RFC 1191
    host = Host()
    endpoint(host)
    error(host, 3, 4, sent(host, 1400), rest=1000)
    assert [len(each.data) for each in _cut(host, 1400)] == [976, 1408 - 976]
    host.now += 600 * SECOND
    assert len(_cut(host, 1400)) == 1


def _cut(host, n):
    send_datagram(host.stack, 7, PEER, 5000, bytes(n), host.now)
    return take(host)


def test_fragmentation_needed_without_mtu_uses_the_plateau_table():  # RFC 1191 section 7
    for n, mtu in ((1472, 1492), (1400, 1006), (978, 552)):
        host = Host()
        endpoint(host)
        error(host, 3, 4, sent(host, n))
        assert host.interface.ipv4.paths.get(PEER, 1500, host.now) == mtu


def test_mtu_error_with_an_impossible_value_is_ignored():  # RFC 5927 7.2, RFC5927-3
    host = Host()
    endpoint(host)
    for n, mtu in ((1000, 1028), (1000, 9000), (1000, 68), (1000, 551), (400, 420), (500, 0)):
        error(host, 3, 4, sent(host, n), rest=mtu)
        assert host.dropped("icmp_mtu") == 1
    error(host, 3, 4, sent(host, 1000, dport=1), rest=600)  # not to our peer
    assert host.dropped("icmp_error_for_nobody") == 1 and not host.interface.ipv4.paths.table


# TCP


def quoted(peer, at=-1):
    return peer.sent[at].bytes[14 : 14 + 28]


def test_soft_errors_are_reported_when_the_connection_times_out():  # MUST-56, SHLD-25, MUST-47
    for kind, code, errno in (
        (3, 0, ENETUNREACH),
        (3, 1, EHOSTUNREACH),
        (3, 5, EHOSTUNREACH),
        (11, 0, EHOSTUNREACH),
        (11, 1, EHOSTUNREACH),
        (12, 0, EPROTO),
    ):
        host, peer, tcb = opening()
        error(host, kind, code, quoted(peer))
        assert tcb.state == SYN_SENT and tcb.error == errno
        host.until(lambda: tcb.state == CLOSED, limit=30)  # noqa: B023
        assert tcb.error == errno


def test_an_open_connection_survives_every_error():  # RFC 5927 section 5, RFC5927-2
    host = Host()
    peer = host.peer()
    tcb = peer.connect()
    peer.write(b"text")
    for kind, code in [(3, code) for code in range(16) if code != 4] + [(11, 0), (11, 1), (12, 0), (4, 0)]:
        error(host, kind, code, quoted(peer))
        assert tcb.state == ESTABLISHED
    assert tcb.error
    peer.send(".", ack=5)
    peer.write(b"more")
    host.until(lambda: tcb.state == CLOSED)
    assert tcb.error == ETIMEDOUT  # an old soft error is not the reason


def test_errors_about_other_connections_are_ignored():  # BAD-12, RFC 5927 4.1
    host, peer, tcb = opening()
    right = bytearray(quoted(peer))
    for at in (20, 22, 19):  # ports, and another peer
        wrong = bytearray(right)
        wrong[at] ^= 1
        error(host, 3, 3, bytes(wrong))
    assert tcb.state == SYN_SENT and not tcb.error and host.dropped("icmp_error_for_nobody") == 3
