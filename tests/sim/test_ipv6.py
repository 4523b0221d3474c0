"""IPv6 over impaired wires: data arrives complete, addresses are configured and removed, path MTUs decrease,
routers fail."""

import struct

import pytest
from mnet.address6 import ALL_NODES, UNSPECIFIED, parse_ipv6
from mnet.ip.v6.addresses import PREFERRED
from mnet.udp.endpoint import Endpoint
from unit.mnet.sending import send_datagram
from unit.mnet.six import icmp6, prefix, ra

from sim.hosts import LRO, RX_CSUM, TSO, TX_CSUM, pair
from sim.test_bulk import WIRES, talk, text
from sim.users import User
from sim.wire import Faults

SEEDS = 3


@pytest.mark.parametrize("wire", WIRES)
def test_text_arrives(wire, seed):
    world, left, right = pair(seed, WIRES[wire], six=True)
    world.pause(30)  # on a lossy wire address resolution may take some time
    left.meet(right)
    talk(world, left, right, text(seed, 150000), text(seed + 1, 100000))


def test_two_hosts_start_at_once(seed):
    """The first segment waits until DAD is complete (RFC 4429), then for the neighbor."""
    world, left, right = pair(seed, six=True)
    talk(world, left, right, text(seed, 50000), b"")
    assert all(each.state == PREFERRED for each in left.interface.ipv6.addresses.list)


@pytest.mark.parametrize(
    "left_has,right_has",
    [(TX_CSUM, RX_CSUM), (TX_CSUM | TSO, 0), (TX_CSUM | TSO, RX_CSUM | LRO), (TX_CSUM | TSO | LRO,) * 2],
)
@pytest.mark.parametrize("wire", ["clean", "everything"])
def test_devices_that_do_more(left_has, right_has, wire, seed):
    has = {"left": {"features": left_has}, "right": {"features": right_has}}
    world, left, right = pair(seed, WIRES[wire], six=True, **has)
    world.pause(30)
    left.meet(right)
    talk(world, left, right, text(seed), text(seed + 1, 30000))


def test_large_datagrams_arrive_whole_or_not_at_all(seed):
    world, left, right = pair(seed, Faults(loss=0.02, duplicate=0.05, reorder=0.1, corrupt=0.01), six=True)
    world.pause(30)
    left.meet(right)
    endpoint = Endpoint()
    endpoint.local = None
    assert right.udp.bind(endpoint, 7) == 7
    sent = [world.dice(i).randbytes(i * 331 % 20000) for i in range(100)]
    got = []
    for data in sent:
        send_datagram(left.stack, 5000, right.address, 7, data, world.now)
        world.pause(0.2)
        while endpoint.queue:
            got.append(endpoint.take()[0])
    assert set(got) <= set(sent) and len(got) > 40
    world.pause(70)
    assert not right.interface.ipv6.reassembly.table and right.interface.ipv6.reassembly.bytes == 0


def test_a_narrow_path(seed):
    """A router with an MTU of 1300 bytes sends Packet Too Big (RFC 8201)."""
    world, left, right = pair(seed, Faults(loss=0.01), six=True)
    world.pause(30)
    left.meet(right)
    lane = left.device.lane

    def narrow(frame):
        if len(frame) <= 14 + 1300:
            return False
        error = icmp6(2, 0, struct.pack("!I", 1300) + frame[14 : 14 + 1232], right.address, left.address)
        world.at(world.now + 100, left.input, left.device.mac + error[6:])
        return True

    lane.drop = narrow
    talk(world, left, right, text(seed, 200000), b"")
    assert left.interface.ipv6.paths.get(right.address, 1500, world.now) == 1300


def test_dad_failure(seed):
    """Of two hosts with one address the later one gives it up."""
    world, left, right = pair(seed, six=True)
    world.pause(10)
    late = right.interface.slaac
    late.add(left.address, 64, world.now)
    assert right.interface.ipv6.is_ours(left.address)
    world.pause(2)
    assert not right.interface.ipv6.is_ours(left.address) and left.interface.ipv6.is_ours(left.address)
    assert "is used by another host" in right.log[-1]


def test_a_router_dies_and_another_takes_over(seed):
    world, left, right = pair(seed, six=True)
    world.pause(10)
    far, dead = parse_ipv6("2001:db8::9"), parse_ipv6("fe80::dd")
    alive = right.interface.ipv6.addresses.link_local()
    for source, flags, mac in ((dead, 0x08, b"\2\0\0\0\0\xdd"), (alive, 0, right.device.mac)):
        frame = ra(b"\1\1" + mac, src=source, flags=flags)
        left.input(frame)
    seen = []
    left.device.lane.seen = lambda frame: seen.append(frame[0:6]) if frame[38:54] == far else None
    for _ in range(30):
        send_datagram(left.stack, 5000, far, 7, b"x", world.now)
        world.pause(1)
    assert seen[0] == b"\2\0\0\0\0\xdd" and seen[-1] == right.device.mac
    assert seen.index(right.device.mac) < 15


def test_addresses_from_a_router_on_a_bad_wire(seed):
    world, left, right = pair(seed, Faults(loss=0.3), six=True)
    left.interface.slaac.makes = True
    solicited = []
    left.device.lane.seen = lambda frame: solicited.append(world.now) if frame[54] == 133 else None
    for _ in range(20):
        right.device.lane.send(b"\x33\x33\0\0\0\1" + ra(prefix())[6:], True)
        world.pause(3)
    assert parse_ipv6("fd01::ff:fe00:1") in [each.value for each in left.interface.ipv6.addresses.list]
    assert len(solicited) <= 2  # of the three the first has been sent already


def test_connections_end_with_their_address(seed):
    world, left, right = pair(seed, six=True)
    world.pause(5)
    users = []
    right.listen(9000, lambda tcb: users.append(User(right, tcb, hold=True)))
    mine = User(left, left.connect(right, 9000), b"x" * 5000, hold=True)
    world.pause(2)
    addresses = left.interface.ipv6.addresses
    left.interface.slaac.remove(addresses.get(left.address), world.now)
    world.pause(2)
    assert left.tcp.count == 0 and mine.tcb.error
    for user in users:
        user.release()
    world.settle()
    assert ALL_NODES in left.interface.ipv6.groups and UNSPECIFIED not in left.interface.ipv6.groups
