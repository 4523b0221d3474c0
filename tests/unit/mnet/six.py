# six.py - IPv6 frames by hand, and a host with IPv6.
import struct

from mnet.address6 import UNSPECIFIED, multicast_mac, parse_ipv6, solicited_node
from mnet.ip.v6.addresses import PREFERRED
from mnet.timers import NEVER
from unit.mnet import frames
from unit.mnet.builders import Host
from unit.mnet.frames import OUR_MAC, OURS6, PEER6, PEER_MAC

OUR_LL = parse_ipv6("fe80::ff:fe00:1")  # of OUR_MAC
PEER_LL = parse_ipv6("fe80::2")
ROUTER = parse_ipv6("fe80::99")
ROUTER_MAC = b"\x02\0\0\0\0\x99"
ALL_NODES = parse_ipv6("ff02::1")
SECOND = 1000000


def icmp6(kind, code=0, rest=bytes(4), src=PEER6, dst=OURS6, mac=None, sum=None, from_mac=PEER_MAC, **ip):
    """Return an ICMPv6 message; `rest` begins behind the checksum."""
    body = bytes((kind, code, 0, 0)) + rest
    if sum is None:
        sum = frames.checksum(frames.pseudo(src, dst, 58, len(body)) + body)
    body = body[:2] + struct.pack("!H", sum) + body[4:]
    if mac is None:
        mac = multicast_mac(dst) if dst[0] == 0xFF else OUR_MAC
    protocol = ip.pop("protocol", 58)
    return frames.ethernet(frames.ipv6(body, protocol, src=src, dst=dst, **ip), 0x86DD, mac, from_mac)


def option(kind, content):
    """Return an option of neighbor discovery, padded."""
    content += bytes(-(len(content) + 2) % 8)
    return bytes((kind, (len(content) + 2) >> 3)) + content


FROM_PEER = option(1, PEER_MAC)
PEER_AT = option(2, PEER_MAC)


def ns(target=OURS6, options=FROM_PEER, dst=None, reserved=bytes(4), **what):
    """Return a neighbor solicitation."""
    what.setdefault("hop_limit", 255)
    return icmp6(135, rest=reserved + target + options, dst=dst or solicited_node(target), **what)


def dad(target, nonce=b""):
    """Return the DAD solicitation for `target`."""
    return ns(target, option(14, nonce) if nonce else b"", src=UNSPECIFIED)


def na(target=PEER6, flags=0x60, options=PEER_AT, **what):
    """Return a neighbor advertisement; flags: 80 router, 40 solicited, 20 override."""
    what.setdefault("hop_limit", 255)
    what.setdefault("src", target)
    return icmp6(136, rest=bytes((flags, 0, 0, 0)) + target + options, **what)


def ra(options=b"", lifetime=1800, hop_limit=0, flags=0, reachable=0, retransmit=0, src=ROUTER, **what):
    """Return a router advertisement."""
    what.setdefault("dst", ALL_NODES)
    what.setdefault("from_mac", ROUTER_MAC)
    rest = struct.pack("!BBHII", hop_limit, flags, lifetime, reachable, retransmit) + options
    return icmp6(134, rest=rest, src=src, hop_limit=what.pop("ttl", 255), **what)


def prefix(text="fd01::", length=64, flags=0xC0, valid=7200, preferred=3600):
    """Return a prefix option."""
    return option(3, struct.pack("!BBIII", length, flags, valid, preferred, 0) + parse_ipv6(text))


class Six(Host):
    """A Host with fd00::1/64 and its link-local address after DAD, and the neighbor fd00::2 resolved."""

    def __init__(self, mode="static", ready=True, known6=True, gateway6=None, **what):
        super().__init__(configure=False, known=False, **what)
        self.ip = self.interface.ipv6
        self.interface.start6(mode, OURS6, 64, gateway6, self.now)
        self.first = self.sent()
        if ready:
            self.at(SECOND)
            assert all([each.state == PREFERRED for each in self.ip.addresses.list])
            while self.stack.deadline() != NEVER:  # no host answers the solicitations
                self.next()
            self.sent()
        if known6:
            self.meet(PEER6, PEER_MAC)

    def meet(self, address, mac):
        """Add a neighbor that has just answered."""
        self.ip.neighbors.learn(address, mac, self.now, True)

    def sent(self):
        """Return the packets sent that are not TCP."""
        self.take()
        others, self.others = self.others, []
        return others

    def hear(self, data, verify=True):
        """Input a frame and return the packets sent in reply that are not TCP."""
        self.sent()
        self.input(data, verify)
        return self.sent()

    def kinds(self, others):
        """Return the ICMPv6 types of the packets sent."""
        return [each.type for each in others if each.kind == "icmp6"]

    def dice(self):
        """Random bytes, the same in every run."""
        state = [1]

        def random(n):
            made = b""
            while len(made) < n:
                state[0] = (state[0] * 1103515245 + 12345) & 0x7FFFFFFF
                made += bytes((state[0] >> 16 & 255,))
            return made

        return random

    def values(self):
        """Return our addresses and their states."""
        return {each.value: each.state for each in self.ip.addresses.list}
