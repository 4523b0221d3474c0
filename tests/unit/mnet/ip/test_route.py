# A Route (ip/route.py): its scope, how long it may be kept, and the neighbor that it keeps.
from mnet.ip import route
from mnet.limits import ROUTE_LIFE
from mnet.link.neighbors import DELAY
from unit.mnet.builders import Host
from unit.mnet.frames import OURS, PEER, PEER_MAC

ROUTER = 0x0A0000FE
FAR = 0x08080808


def test_scope_is_that_of_the_next_hop():
    host = Host(gateway=ROUTER)
    find = host.stack.route
    assert find(PEER, host.now).scope() == route.LINK and find(FAR, host.now).scope() == route.GLOBAL
    assert find(OURS, host.now).scope() == find(0x7F000001, host.now).scope() == route.HOST
    assert find(0xFFFFFFFF, host.now).scope() == find(0xE0000001, host.now).scope() == route.LINK


def test_route_is_current_until_routes_change_or_for_a_second():
    host = Host()
    found = host.stack.route(PEER, host.now)
    assert found.current(host.now) and found.current(host.now + ROUTE_LIFE - 1)
    assert not found.current(host.now + ROUTE_LIFE)
    host.stack.routes.add(0, 0, host.interface, ROUTER)
    assert not found.current(host.now)


def test_route_keeps_its_neighbor_while_the_entry_is_valid():
    host = Host()
    found = host.stack.route(PEER, host.now)
    neighbor = found.resolve(host.now)
    assert (
        neighbor.mac == PEER_MAC and found.resolve(host.now + 5) is neighbor and neighbor.used == host.now + 5
    )
    host.interface.arp.neighbors.stale(neighbor, host.now)
    assert found.resolve(host.now) is neighbor and neighbor.state == DELAY  # it is verified
    host.interface.arp.neighbors.remove(neighbor)
    other = found.resolve(host.now)
    assert other is not neighbor and other.mac is None and found.neighbor is other
    assert host.stack.route(0xFFFFFFFF, host.now).resolve(host.now) is None


def test_connection_finds_its_route_again_when_routes_have_changed():
    host = Host(gateway=ROUTER)
    peer = host.peer(address=FAR)
    tcb = peer.connect()
    before = tcb.route
    assert before.hop == ROUTER and before.scope() == route.GLOBAL
    host.at(0)
    peer.write(b"one")
    peer.send(".")
    host.at(ROUTE_LIFE)
    peer.write(b"two")
    peer.send(".")
    assert tcb.route is before  # its header is still valid
    host.stack.routes.add(0, 0, host.interface, ROUTER - 1, -1)
    host.at(0)
    assert peer.write(b"three") and tcb.route is not before and tcb.route.hop == ROUTER - 1


def test_connection_without_a_route_times_out():
    host = Host(gateway=ROUTER)
    peer = host.peer(address=FAR)
    tcb = peer.connect()
    host.stack.routes.remove_gateways(host.interface)
    host.at(0)
    assert peer.write(b"lost") == [] and tcb.error == 113 and tcb.rto_at
    host.stack.routes.add(0, 0, host.interface, ROUTER)
    assert ". 1:5(4) ack 1" in host.until(lambda: peer.sent[-1].data)
