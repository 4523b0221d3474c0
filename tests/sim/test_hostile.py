"""100 000 hostile frames, random or mutated from live traffic: no exception escapes, no table exceeds its
bound, and the stack serves as before afterwards."""

import struct

from mnet.address6 import ALL_NODES, parse_ipv6, solicited_node
from mnet.limits import (
    ADDRESSES,
    GROUPS,
    NAMESERVERS,
    NEIGHBORS,
    PATHS,
    PREFIXES,
    REASSEMBLY_BYTES,
    REASSEMBLY_DATAGRAMS,
    REDIRECTS,
    ROUTERS,
    SEARCH_DOMAINS,
    UDP_QUEUE,
)
from mnet.tcp import user
from mnet.udp.endpoint import Endpoint
from unit.mnet.frames import arp, checksum, icmp, ipv4, ipv6, tcp, udp
from unit.mnet.six import icmp6, option

from sim import offload
from sim.hosts import pair
from sim.users import Echo, User
from sim.wire import Faults

SEEDS = 4
FRAMES = 100000 // SEEDS
BACKLOG = 16
M32 = 0xFFFFFFFF
GROUP = 0xE8010203
ROUTER = parse_ipv6("fe80::99")
INTERESTING = (0, 1, 0x7F, 0x80, 0xFF)


class Enemy:
    """Makes frames for `target`, some from captured traffic."""

    def __init__(self, target, peer, dice):
        self.target, self.peer, self.dice = target, peer, dice
        self.overheard = []

    def listen(self, frame):
        """Record a valid frame."""
        if len(self.overheard) < 500:
            self.overheard.append(frame)
        else:
            self.overheard[self.dice.randrange(500)] = frame

    def frame(self):
        """Return the next hostile frame."""
        dice = self.dice
        kind = dice.random()
        if kind < 0.1:
            return self.random()
        frame = bytearray(
            dice.choice((self.replay, self.aimed, self.aimed, self.fresh, self.piece, self.lie, self.six))()
        )
        if kind < 0.3:
            self.fields(frame)
        for _ in range(dice.randrange(4) if kind < 0.6 else 0):
            self.damage(frame)
        if kind < 0.2:
            del frame[dice.randrange(len(frame)) :]
        elif kind < 0.3:
            frame += dice.randbytes(dice.randrange(64))
        if dice.random() < 0.8 and len(frame) > 40 and frame[12:14] in (b"\x08\0", b"\x86\xdd"):
            frame = offload.sum_again(bytes(frame))
        return bytes(frame)

    def random(self):
        """Return random bytes, often behind a header that is accepted."""
        dice = self.dice
        frame = bytearray(dice.randbytes(dice.randrange(1515)))
        if dice.random() < 0.7 and len(frame) > 40:
            frame[0:6] = self.target.device.mac
            frame[12:14] = dice.choice((b"\x08\0", b"\x08\x06", b"\x86\xdd"))
            frame[14] = 0x40 | dice.choice((5, 5, 6, 15, 3))
            frame[23] = dice.choice((1, 6, 17))
            frame[30:34] = struct.pack("!I", self.target.address4)
            if frame[12] == 0x86 and len(frame) > 54:
                frame[14] = 0x60
                frame[18:22] = struct.pack(
                    "!HBB", len(frame) - 54, dice.choice((0, 6, 17, 43, 44, 58, 60)), 255
                )
                frame[38:54] = dice.choice((self.target.address, ALL_NODES))
        return bytes(frame)

    def fresh(self):
        """Return an ARP, ICMP or UDP frame that was not captured."""
        us, them, dice = self.target, self.peer, self.dice
        rest = dice.randbytes(dice.randrange(4, 100))
        made = dice.choice(
            (
                arp(dice.randrange(4), them.device.mac, them.address4, us.device.mac, us.address4),
                icmp(dice.randrange(256), dice.randrange(20), rest, src=them.address4, dst=us.address4),
                udp(dice.randrange(65536), dice.choice((7, 7, 99)), rest, src=them.address4, dst=us.address4),
            )
        )
        return us.device.mac + made[6:]

    def piece(self):
        """Return a fragment of one of a few datagrams; some are complete together."""
        us, them, dice = self.target, self.peer, self.dice
        n = dice.choice((8, 8, 16, 24, 1480, dice.randrange(64)))
        field = dice.choice((0, 0, 1, 2, 3, 185, 0x1FFE, dice.randrange(0x2000))) | dice.choice(
            (0, 0x2000, 0x2000)
        )
        protocol = dice.choice((1, 2, 6, 17, 17, 99))
        packet = bytearray(
            ipv4(dice.randbytes(n), protocol, src=them.address4, dst=us.address4, fragment=field)
        )
        packet[4:6] = struct.pack("!H", dice.choice((1, 2, 3, dice.randrange(65536))))
        return offload.sum_again(us.device.mac + them.device.mac + b"\x08\0" + bytes(packet))

    def lie(self):
        """Return a spoofed ICMP error about a possible packet of the target, or a group query."""
        us, them, dice = self.target, self.peer, self.dice
        if dice.random() < 0.2:
            body = bytes((dice.choice((0x11, 0x11, 0x16, 0x17, 0x22)), dice.randrange(256), 0, 0))
            body += dice.choice((bytes(4), struct.pack("!I", GROUP))) + dice.randbytes(dice.choice((0, 4, 9)))
            body = body[:2] + struct.pack("!H", checksum(body)) + body[4:]
            return (
                us.device.mac
                + them.device.mac
                + b"\x08\0"
                + ipv4(body, 2, src=them.address4, dst=us.address4)
            )
        live = [tcb for port in us.tcp.ports.values() for tcb in port.values() if isinstance(tcb.remote, int)]
        if live and dice.random() < 0.8:
            tcb = dice.choice(live)
            seq = (
                dice.choice((tcb.snd_una, tcb.snd_nxt, tcb.snd_max)) + dice.choice((0, 0, 1, -1, 1448))
            ) & M32
            ports, remote, protocol = struct.pack("!HHI", tcb.lport, tcb.rport, seq), tcb.remote, 6
        else:
            ports, remote, protocol = struct.pack("!HHI", 7, 7, 0), them.address4, 17
        quote = ipv4(ports, protocol, src=us.address4, dst=remote, total=dice.choice((28, 576, 1500)))
        rest = struct.pack("!HH", 0, dice.choice((0, 68, 552, 576, 1000, 1400, 65535))) + quote
        made = icmp(
            dice.choice((3, 3, 3, 11, 12)),
            dice.choice((0, 1, 2, 4, 4, 4, 13)),
            rest,
            src=them.address4,
            dst=us.address4,
        )
        return us.device.mac + made[6:]

    def six(self):
        """Return an IPv6 frame: neighbor discovery, router messages, groups, errors, fragments, extension
        headers."""
        us, them, dice = self.target, self.peer, self.dice
        src = dice.choice((them.address, ROUTER, ROUTER, bytes(16), us.address, dice.randbytes(16)))
        dst = dice.choice((us.address, us.address, ALL_NODES, solicited_node(us.address)))
        target = dice.choice((us.address, them.address, ROUTER, dice.randbytes(16)))
        options = b"".join([self.option() for _ in range(dice.randrange(4))])
        kind = dice.choice((1, 2, 3, 4, 128, 129, 130, 131, 133, 134, 135, 135, 136, 136, 137, 143))
        if kind == 134:
            rest = (
                dice.randbytes(2) + struct.pack("!H", dice.choice((0, 1, 1800))) + dice.randbytes(8) + options
            )
        elif kind == 137:
            rest = bytes(4) + target + dice.choice((them.address, dice.randbytes(16))) + options
        elif kind < 128:
            quote = ipv6(struct.pack("!HHI", 7, 7, 0), dice.choice((6, 17, 44)), src=us.address, dst=target)
            rest = struct.pack("!I", dice.choice((0, 40, 1279, 1280, 1400))) + quote
        else:
            rest = dice.choice((bytes(4), b"\xe0\0\0\0")) + target + options
        what = {"hop_limit": dice.choice((255, 255, 255, 1, 64))}
        if dice.random() < 0.4:
            numbers = [dice.choice((0, 43, 44, 60, 60)) for _ in range(dice.randrange(1, 20))]
            for following in numbers[1:] + [58]:
                body = dice.choice((b"\1\4\0\0\0\0", dice.randbytes(6), b"\0" * 6))
                what["extensions"] = what.get("extensions", b"") + bytes((following, 0)) + body
            what["protocol"] = numbers[0]
        return icmp6(kind, dice.choice((0, 0, 0, 4)), rest, src, dst, **what)

    def option(self):
        """Return a neighbor discovery option, mostly well formed."""
        dice = self.dice
        kind = dice.choice((1, 2, 3, 5, 14, 25, 31, dice.randrange(256)))
        content = {
            1: self.peer.device.mac,
            2: self.peer.device.mac,
            3: bytes((64, 0xC0)) + dice.randbytes(12) + dice.randbytes(8) + bytes(8),
            5: struct.pack("!HI", 0, dice.choice((0, 1280, 1400, 9000))),
            25: bytes(6) + dice.randbytes(16 * dice.randrange(3)),
            31: bytes(6) + dice.choice((b"\3abc\0", b"\x40abc", dice.randbytes(9))),
        }.get(kind, dice.randbytes(6))
        made = option(kind, content)
        return made if dice.random() < 0.9 else bytes((kind, dice.randrange(5))) + made[2:]

    def replay(self):
        """Return a captured frame again."""
        return self.dice.choice(self.overheard) if self.overheard else self.fresh()

    def aimed(self):
        """Return a segment for a live connection with numbers that are correct or nearly so: it passes all
        checks before TCP's own steps."""
        dice = self.dice
        live = [tcb for port in self.target.tcp.ports.values() for tcb in port.values()]
        if not live:
            return self.fresh()
        tcb = dice.choice(live)
        near = (0, 0, 0, 1, -1, 100, -100, 1448, 5000, 60000, 70000)
        seq, ack = (
            tcb.rcv_nxt + dice.choice(near),
            dice.choice((tcb.snd_una, tcb.snd_max)) + dice.choice(near),
        )
        options = b""
        if tcb.ts_on:
            options = struct.pack(
                "!BBBBII", 1, 1, 8, 10, tcb.ts_recent + dice.choice((0, 0, 0, 1, -1)) & M32, 0
            )
        flags = dice.choice(("", "P.", ".", ".", ".", ".", "F.", "R", "R.", "S", "S.", "SF", "F", "FRPU."))
        data = dice.randbytes(dice.choice((0, 0, 1, 100, 1448)))
        window = dice.choice((0, 1, 500, 32768, 65535))
        ends = {"sport": tcb.rport, "dport": tcb.lport, "src": tcb.remote, "dst": tcb.local}
        made = tcp(flags, seq & M32, ack & M32, window, data, options, **ends)
        return self.target.device.mac + made[6:]

    def fields(self, frame):
        """Return a segment with sequence numbers, flags, lengths and ports that are nearly correct."""
        dice = self.dice
        if len(frame) < 54 or frame[23] != 6:
            return
        at = dice.choice((38, 42))
        value = struct.unpack_from("!I", frame, at)[0]
        value += dice.choice((0, 0, 1, -1, 1448, -1448, 65535, -65536, 1 << 31, dice.getrandbits(32)))
        struct.pack_into("!I", frame, at, value & 0xFFFFFFFF)
        choice = dice.random()
        if choice < 0.4:
            frame[47] = dice.choice((1, 2, 4, 16, 17, 18, 20, 0, 63, dice.randrange(256)))
        elif choice < 0.6:
            struct.pack_into("!H", frame, 48, dice.choice((0, 1, 100, 65535)))
        elif choice < 0.7:
            struct.pack_into("!H", frame, 34, dice.randrange(65536))
        elif choice < 0.8:
            frame[46] = dice.randrange(256)
        elif choice < 0.9:
            frame[54 : min(len(frame), 74)] = dice.randbytes(min(len(frame), 74) - 54)

    def damage(self, frame):
        """Change one byte."""
        if frame:
            at = self.dice.randrange(min(len(frame), self.dice.choice((14, 34, 80, 1600))))
            frame[at] = (
                self.dice.choice(INTERESTING) if self.dice.random() < 0.5 else self.dice.randrange(256)
            )


def battlefield(seed):
    """Return a stack with live traffic, its peer, and the attacker."""
    world, left, right = pair(seed, Faults(delay=100), six=True)
    world.pause(10)
    left.interface.slaac.makes = True
    left.referee.watching = right.referee.watching = False  # the attacker's windows are unknown
    left.listen(9000, lambda tcb: Echo(left, tcb), backlog=BACKLOG)
    left.udp.bind(Endpoint(), 7)
    left.interface.igmp.join(GROUP, world.now)
    right.listen(9001, lambda tcb: Echo(right, tcb))
    enemy = Enemy(left, right, world.dice("enemy"))
    right.device.lane.seen = enemy.listen
    return world, left, right, enemy


def conversations(left, right):
    """Start new users in both directions that send for as long as they can."""
    how = {"write": 500, "pace": 3000, "hold": True}
    for six in (False, True):
        User(right, right.connect(left, 9000, six=six), b"r" * 30000, **how)
        User(left, left.connect(right, 9001, six=six), b"l" * 30000, **how)


def bounded(host):
    """Check that no table exceeds its bound in limits.py."""
    tcp, stack = host.tcp, host.stack
    listener = tcp.listeners[9000][0]
    assert len(listener.syn_queue) <= 2 * BACKLOG and len(listener.accept_queue) <= BACKLOG
    assert len(stack.interfaces[0].arp.neighbors.table) <= NEIGHBORS
    assert len(stack.deadlines.heap) <= tcp.count + 2 * NEIGHBORS + 2 * REASSEMBLY_DATAGRAMS + ADDRESSES + 2
    assert all(len(endpoint.queue) <= UDP_QUEUE for port in host.udp.ports.values() for endpoint in port)
    assert len(stack.interfaces[0].ipv4.paths.table) <= PATHS and len(stack.interfaces[0].ipv4.groups) == 2
    assert stack.interfaces[0].ipv4.reassembly.bytes <= REASSEMBLY_BYTES
    ipv6, routers = stack.interfaces[0].ipv6, stack.interfaces[0].routers
    assert len(ipv6.neighbors.table) <= NEIGHBORS and len(ipv6.addresses.list) <= ADDRESSES
    assert len(ipv6.routes.routers) <= ROUTERS and len(ipv6.routes.prefixes) <= PREFIXES
    assert len(ipv6.routes.redirects) <= REDIRECTS and len(ipv6.groups) <= GROUPS
    assert len(routers.nameservers) <= NAMESERVERS and len(routers.search) <= SEARCH_DOMAINS
    assert len(ipv6.paths.table) <= PATHS and ipv6.reassembly.bytes <= REASSEMBLY_BYTES
    assert len(stack.stats.drops) < 120 and all(isinstance(reason, str) for reason in stack.stats.drops)


def peace(world, left, right):
    """Check that ping, UDP and echo work as before, and that no state is left after them."""
    for host in (left, right):
        for connections in list(host.tcp.ports.values()):
            for tcb in list(connections.values()):
                user.abort(tcb, world.now)
        host.ready.clear()
    world.pause(130)  # of wrong neighbors, too
    answers = []
    left.device.lane.seen = lambda frame: (
        answers.append(frame) if frame[12:14] + frame[23:24] == b"\x08\0\1" else 0
    )
    request = icmp(8, 0, b"\0\7\0\1still there?", src=right.address4, dst=left.address4)
    right.device.lane.send(left.device.mac + right.device.mac + request[12:], True)
    world.pause(3)
    assert len(answers) == 1 and answers[0][42:] == b"still there?"
    data = world.dice("data").randbytes(100000)
    for six in (False, True):
        mine = User(right, right.connect(left, 9000, six=six), data)
        world.settle()
        assert bytes(mine.got) == data and mine.error == 0
    for host in (left, right):
        host.empty()


def test_a_hundred_thousand_bad_frames(seed):
    world, left, right, enemy = battlefield(seed)
    for i in range(FRAMES):
        if i % 500 == 0:
            conversations(left, right)
            world.pause(0.02)
        frame = enemy.frame()
        buf = bytearray(frame)
        left.interface.receive(buf, len(buf), True, world.now)
        if i % 20 == 0:
            world.pause(0.001)
            left.check(True)
            bounded(left)
    peace(world, left, right)
    assert left.stack.stats.bugs == 0


def test_some_hostile_frames_are_accepted(seed):
    """The frames are invalid in many ways, and some are valid enough to be accepted."""
    world, left, right, enemy = battlefield(seed)
    conversations(left, right)
    world.pause(0.05)
    for i in range(5000):
        frame = bytearray(enemy.frame())
        left.interface.receive(frame, len(frame), True, world.now)
        if i % 500 == 0:
            conversations(left, right)
        if i % 20 == 0:
            world.pause(0.001)
    drops = left.stack.stats.drops
    for reason in (
        "arp_short ethernet_other_host ethernet_type ipv4_checksum ipv4_length ipv4_not_ours ipv4_source "
        "ipv4_version icmp_checksum icmp_ignored icmp_error_for_nobody icmp_mtu fragment_overlap "
        "fragment_of_dropped fragment_too_far fragment_length igmp_ignored udp_no_port tcp_header "
        "tcp_checksum tcp_no_port tcp_rst tcp_outside_window tcp_paws tcp_ack_outside tcp_no_ack "
        "tcp_syn_in_window ipv6_length ipv6_not_ours ipv6_source ipv6_next_header ipv6_option ipv6_routing "
        "icmp6_checksum icmp6_ignored icmp6_quote_not_ours "
        "ndp_hop_limit ndp_message ndp_option_length ndp_not_ours ndp_unsolicited "
        "mld_query"
    ).split():
        assert drops.get(reason), (reason, drops)
