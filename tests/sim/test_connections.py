"""Connections open, close and end on a wire that loses frames, and leave no state."""

import pytest
from mnet.errors import ECONNREFUSED, ECONNRESET, ETIMEDOUT
from mnet.tcp import user
from mnet.tcp.states import CLOSED, ESTABLISHED, FIN_WAIT_2, TIME_WAIT

from sim.hosts import Host, pair
from sim.users import User
from sim.wire import Faults

SEEDS = 6
LOSSES = [0, 0.1, 0.2]  # with more loss, giving up is allowed


def users_of(host, port=9000, data=b"", hold=False, **how):
    """Listen. Returns the list of the Users of accepted connections."""
    users = []
    host.listen(port, lambda tcb: users.append(User(host, tcb, data, hold=hold)), **how)
    return users


@pytest.mark.parametrize("loss", LOSSES)
def test_open_and_close_at_once(loss, seed):
    world, left, right = pair(seed, Faults(loss=loss, duplicate=loss, jitter=9000))
    left.meet(right)
    users = users_of(right)
    mine = User(left, left.connect(right, 9000))
    world.settle(2000)
    assert mine.error == 0 and all(each.error == 0 for each in users)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("first", ["left", "right", "both"])
def test_half_close_and_close(first, loss, seed):
    world, left, right = pair(seed, Faults(loss=loss, duplicate=loss, jitter=9000))
    left.meet(right)
    accepted = []
    right.listen(9000, accepted.append)
    one = left.connect(right, 9000)
    world.run(lambda: accepted, 300)
    other = accepted[0]
    world.run(lambda: one.state == ESTABLISHED)
    if first != "right":
        user.shutdown(one, world.now)
    if first != "left":
        user.shutdown(other, world.now)
    waiting, passive = (one, other) if first == "left" else (other, one)
    if first != "both":
        world.run(lambda: waiting.state == FIN_WAIT_2, 500)
        world.pause(500)  # half closed for as long as the program wants
        assert waiting.state == FIN_WAIT_2
        user.send(passive, b"still here", 0, 10, world.now)
        user.shutdown(passive, world.now)
        world.run(lambda: waiting.state == TIME_WAIT, 500)
        assert waiting.rx.head - waiting.rx.tail == 10
        buf = bytearray(10)
        assert user.receive(waiting, buf, 0, 10, world.now) == 10 and buf == b"still here"
    user.close_and_release(one, world.now)
    user.close_and_release(other, world.now)
    world.settle(1000)


@pytest.mark.parametrize("loss", LOSSES)
def test_simultaneous_open(loss, seed):
    world, left, right = pair(seed, Faults(loss=loss, duplicate=loss))
    left.meet(right)
    one = left.connect(right, 5002, lport=5001)
    other = right.connect(left, 5001, lport=5002)
    users = [User(left, one, b"from the left"), User(right, other, b"from the right")]
    world.settle(2000)
    assert [bytes(each.got) for each in users] == [b"from the right", b"from the left"]


@pytest.mark.parametrize("loss", [0, 0.2])
def test_two_hundred_connections(loss, seed):
    if seed > 1:
        return
    world, left, right = pair(seed, Faults(loss=loss, jitter=2000))
    left.meet(right)
    users_of(right, 9000, b"b" * 3000, backlog=200)
    users_of(left, 9001, b"d" * 100, backlog=200)
    mine = [User(left, left.connect(right, 9000), b"a" * 2000) for _ in range(150)]
    mine += [User(right, right.connect(left, 9001), b"c" * 2000) for _ in range(50)]
    world.run(lambda: all(each.closed for each in mine), 2000)
    assert {(each.error, len(each.got)) for each in mine} == {(0, 3000), (0, 100)}
    world.settle(1000)
    assert len({each.tcb.lport for each in mine[:150]}) == 150


def test_connect_to_a_closed_port_is_refused():
    world, left, right = pair()
    mine = User(left, left.connect(right, 9000))
    world.settle(1)
    assert mine.error == ECONNREFUSED


def test_full_accept_queue_serves_all_eventually(seed):
    world, left, right = pair(seed, Faults(jitter=3000))
    listener = right.listen(9000, lambda tcb: None, backlog=3)
    listener.on_readable = None
    users = [User(left, left.connect(right, 9000), b"x") for _ in range(9)]
    served = []

    def accept():
        tcb = listener.accept()
        if tcb is not None:
            served.append(User(right, tcb, b"y"))
        world.at(world.now + 500000, accept)

    accept()
    world.run(lambda: all(each.closed for each in users), 100)
    assert [bytes(each.got) for each in users] == [b"y"] * 9 and len(served) == 9


def test_an_abort_ends_both_sides(seed):
    world, left, right = pair(seed, Faults(loss=0.2))
    left.meet(right)
    users = users_of(right, data=b"x" * 100000, hold=True)
    mine = left.connect(right, 9000)
    world.run(lambda: users, 300)
    world.pause(0.02)
    user.abort(mine, world.now)
    assert mine.state == CLOSED and left.tcp.count == 0
    world.settle(2000)
    assert users[0].error == ECONNRESET


def test_restarted_peer_resets(seed):
    world, left, right = pair(seed)
    users = users_of(right, hold=True)
    mine = User(left, left.connect(right, 9000), hold=True)
    world.run(lambda: users)
    world.pause(1)
    again = Host(world, 2)
    again.device.lane = right.device.lane
    left.device.lane.deliver = again.input
    world.hosts.remove(right)
    again.start()
    mine.release(b"x")
    world.pause(1)
    assert mine.error == ECONNRESET
    world.settle()


@pytest.mark.parametrize("closer", ["left", "right"])
def test_the_same_ports_again_and_again(closer, seed):
    world, left, right = pair(seed, Faults(jitter=4000))
    accepted = []
    right.listen(9000, accepted.append)
    for i in range(20):
        if closer == "left":  # its TIME-WAIT state occupies the port
            left.tcp.listeners.clear()
            world.pause(70)
        mine = left.connect(right, 9000, lport=5001)
        world.pause(0.1)
        assert mine.state == ESTABLISHED and len(accepted) == i + 1
        ends = [(mine, left), (accepted[i], right)]
        for tcb, host in ends if closer == "left" else reversed(ends):
            User(host, tcb, b"turn %d" % i)
            world.pause(0.1)
        assert mine.state in (CLOSED, TIME_WAIT)
    world.settle()


def test_cut_wire_times_out(seed):
    """Data is retransmitted for longer than 100 s (RFC 9293 MUST-20), with back-off, then the user gets an
    error."""
    world, left, right = pair(seed)
    users = users_of(right, hold=True)
    mine = User(left, left.connect(right, 9000), hold=True)
    world.run(lambda: users and mine.tcb.state == ESTABLISHED)
    cut, times = world.now, []
    left.device.lane.drop = right.device.lane.drop = lambda frame: frame[12:14] == b"\x08\0"
    left.device.lane.seen = lambda frame: times.append(world.now) if len(frame) > 60 else None
    mine.release(b"x" * 3000)
    world.run(lambda: mine.closed, 3000)
    assert mine.error == ETIMEDOUT and world.now - cut > 100_000_000
    times = [at for at in times if at > cut]
    waits = [later - sooner for sooner, later in zip(times, times[1:], strict=False)]
    tries = [wait for wait in waits if wait > 1000]
    assert len(tries) >= 3 and tries == sorted(tries) and tries[-1] == 60_000_000
    assert all(wait == 60_000_000 or wait == 2 * tries[0] << i for i, wait in enumerate(tries[1:]))
    user.abort(users[0].tcb, world.now)
    world.settle()


def test_wire_cut_for_a_minute_recovers(seed):
    world, left, right = pair(seed)
    users = users_of(right, data=b"z" * 200000)
    mine = User(left, left.connect(right, 9000), b"x" * 200000)
    world.pause(0.06)
    left.device.lane.drop = right.device.lane.drop = lambda frame: True
    world.pause(60)
    left.device.lane.drop = right.device.lane.drop = None
    world.settle(400)
    assert len(mine.got) == len(users[0].got) == 200000


def test_unanswered_syn_times_out(seed):
    world, left, right = pair(seed)
    left.device.lane.drop = lambda frame: frame[12:14] == b"\x08\0"
    start = world.now
    mine = User(left, left.connect(right, 9000))
    world.settle(1000)
    assert mine.error == ETIMEDOUT and world.now - start >= 180_000_000  # MUST-23


def test_vanished_peer_while_closing_times_out(seed):
    for moment in range(4):
        world, left, right = pair(seed)
        users_of(right)
        mine = User(left, left.connect(right, 9000), b"x" * 1000)
        world.pause(0.018 + 0.005 * moment)
        left.device.lane.drop = right.device.lane.drop = lambda frame: True
        world.settle(5000)
        assert mine.closed


def test_window_update_lost_after_a_pause_is_probed(seed):
    """The window is zero for ten minutes, and the window update is lost."""
    world, left, right = pair(seed, Faults(jitter=1000))
    users = []

    def use(tcb):
        users.append(User(right, tcb, hold=True))
        users[0].asleep = True

    right.listen(9000, use)
    mine = User(left, left.connect(right, 9000), b"x" * 300000)
    world.pause(600)
    assert mine.taken < 300000 and mine.tcb.state == ESTABLISHED and mine.tcb.snd_wnd == 0
    right.device.lane.drop = lambda frame: True
    users[0].asleep = False
    users[0].release()
    world.pause(0.5)
    right.device.lane.drop = None
    world.settle(300)
    assert bytes(users[0].got) == mine.data
    assert left.referee.beyond > 5  # probes


def test_peers_with_lost_acks_recover(seed):
    """Both ends have filled the other's window and received everything, but all ACKs are lost."""
    world, left, right = pair(seed, mtu=9000)
    users = []
    right.listen(9000, lambda tcb: users.append(User(right, tcb, hold=True)), rcv_buf=3000)
    mine = User(left, left.connect(right, 9000, rcv_buf=2048), hold=True)
    world.run(lambda: users)
    world.pause(1)
    for host in (left, right):
        host.device.lane.drop = lambda frame: len(frame) < 100
    for each in (mine, users[0]):
        each.release(bytes(50000))
    world.pause(1)
    for host in (left, right):
        host.device.lane.drop = None
    world.settle(300)
    assert (len(mine.got), len(users[0].got)) == (50000, 50000)


def test_desynchronized_peers_do_not_loop(seed):
    """Spoofed data was sent to both ends: neither accepts the other's acknowledgements."""
    world, left, right = pair(seed)
    users = users_of(right, hold=True)
    mine = User(left, left.connect(right, 9000), hold=True)
    world.run(lambda: users)
    world.pause(1)
    for tcb in (mine.tcb, users[0].tcb):
        tcb.rcv_nxt = tcb.rcv_acked = (tcb.rcv_nxt + 30000) & 0xFFFFFFFF
        tcb.rcv_adv = (tcb.rcv_adv + 30000) & 0xFFFFFFFF
        tcb.ts_recent = world.now >> 10
    frames = []
    for host in (left, right):
        host.referee.watching = False
        host.device.lane.seen = frames.append
    users[0].data += b"x"
    users[0].wake()
    world.pause(10)
    assert len(frames) < 100
    for host, tcb in ((left, mine.tcb), (right, users[0].tcb)):
        user.abort(tcb, world.now)
        host.ready.clear()
    world.settle()
