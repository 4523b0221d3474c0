# Log lines that a peer can cause are rate-limited, and suppressed lines are counted.
from mnet.env import Log
from mnet.limits import LOG_INTERVAL, LOG_LINES, SECOND
from mnet.timers import NEVER, Deadlines
from unit.mnet import frames
from unit.mnet.builders import Host
from unit.mnet.frames import BROADCAST, OUR_MAC, OURS, OURS6
from unit.mnet.six import ALL_NODES, OUR_LL, Six, dad, na, prefix, ra

OTHER_MAC = b"\x02\0\0\0\0\3"
FLOOD = 1000


def left_out(n):
    return "%d lines more were left out" % n


def test_lines_in_a_flood_are_limited_and_the_rest_counted():
    lines = []
    deadlines = Deadlines()
    log = Log(lines.append, deadlines)
    for i in range(FLOOD):
        log("line %d" % i, SECOND + i)
    assert lines == ["line %d" % i for i in range(LOG_LINES)]
    assert deadlines.next() == SECOND + LOG_INTERVAL
    deadlines.tick(SECOND + LOG_INTERVAL)
    assert lines[LOG_LINES:] == [left_out(FLOOD - LOG_LINES)] and deadlines.next() == NEVER
    log("later", SECOND + LOG_INTERVAL)
    assert lines[-1] == "later"


def test_the_count_is_written_before_the_next_line():
    lines = []
    log = Log(lines.append, Deadlines())
    for _ in range(LOG_LINES + 1):
        log("early", 0)
    log("late", LOG_INTERVAL)  # before the timer is looked at
    assert lines == ["early"] * LOG_LINES + [left_out(1), "late"]


def test_seldom_lines_are_all_written():
    lines = []
    deadlines = Deadlines()
    log = Log(lines.append, deadlines)
    for i in range(100):
        log(str(i), i * LOG_INTERVAL // LOG_LINES)
    assert lines == [str(i) for i in range(100)] and deadlines.next() == NEVER


def flooded(host, frame):
    """Return the log lines of so many frames in 3 s, and after a pause."""
    host.log.clear()
    for _ in range(FLOOD):
        host.input(frame)
        host.at(3 * SECOND // FLOOD)
    host.take()
    host.at(LOG_INTERVAL)
    host.take()
    text = "\n".join(host.log)
    assert 1 <= len(host.log) <= 2 * LOG_LINES + 2, host.log
    return text


def test_addresses_that_another_host_uses():
    for probe in (False, True):  # while we probe, each is a conflict of its own
        host = Host(configure=False)
        host.interface.ipv4.configure(OURS, 24, 0, host.now, probe)
        text = flooded(host, frames.arp(2, OTHER_MAC, OURS, OUR_MAC, OURS, dst=BROADCAST))
        assert "10.0.0.1 is also used by" in text and ("were left out" in text) == probe


def test_ipv6_addresses_that_another_host_uses():
    text = flooded(Six(), na(OURS6, 0x20, dst=ALL_NODES))
    assert "fd00::1 is also used by another host" in text and left_out(FLOOD - LOG_LINES) in text


def test_prefixes_with_addresses_that_are_taken():
    """A spoofing router, and a neighbor that claims each address."""
    host = Six("stable", known6=False)
    host.log.clear()
    for i in range(FLOOD):
        host.hear(ra(prefix("fd%02x:%x::" % (i & 0x7F, i))))
        for each in list(host.ip.addresses.list):
            if each.tentative() and each.value != OUR_LL:
                host.hear(dad(each.value))
    host.at(LOG_INTERVAL)
    assert LOG_LINES <= len(host.log) <= 2 * LOG_LINES + 2
    assert "is used by another host" in host.log[0] and "were left out" in "\n".join(host.log)


def test_frames_that_no_host_sends_write_nothing():
    host = Host()
    for frame in (
        frames.udp(5, 99, b"x"),
        frames.icmp(3, 3, bytes(60)),
        frames.tcp("S", 1, 0, 1000, dport=99),
        bytes(60),
        frames.arp(1, OUR_MAC, OURS, OUR_MAC, OURS, dst=BROADCAST),
    ):
        for _ in range(10):
            host.input(frame)
    assert host.log == []
