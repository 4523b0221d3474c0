# Filters and taps of an interface (hooks.py): each frame in and out passes them once.
import struct

from mnet.hooks import Capture
from mnet.limits import FILTER_ANSWERS
from unit.mnet import frames
from unit.mnet.builders import Host
from unit.mnet.frames import OUR_MAC, OURS, PEER, PEER_MAC


def echo_request(data=b"ping"):
    head = struct.pack("!BBHHH", 8, 0, 0, 1, 1)
    message = head[:2] + struct.pack("!H", frames.checksum(head + data)) + head[4:] + data
    return frames.ethernet(frames.ipv4(message, 1))


def test_tap_sees_frames_received_and_sent_in_order():
    host = Host()
    seen = []
    host.interface.set_hooks(tap=lambda frame, sent: seen.append((sent, bytes(frame))))
    request = echo_request()
    host.input(request)
    reply = host.others[0]
    assert [sent for sent, _ in seen] == [False, True] and seen[0][1] == request
    assert seen[1][1][:12] == PEER_MAC + OUR_MAC and reply.kind == "icmp"


def test_tap_does_not_see_what_the_device_refuses():
    host = Host()
    seen = []
    host.interface.set_hooks(tap=lambda frame, sent: seen.append(sent))
    host.wire.full = True
    host.input(echo_request())
    assert seen == [False] and host.dropped("device_full") == 1


def test_filters_that_accept_change_nothing():
    host = Host()
    host.interface.set_hooks(lambda frame: True, lambda frame: True)
    peer = host.peer()
    peer.connect()
    assert peer.send("P.", b"hello") == [] and peer.read()[0] == b"hello"
    assert peer.write(b"world") == ["P. 1:6(5) ack 6"]


def test_ingress_filter_drops():
    host = Host()
    host.interface.set_hooks(ingress=lambda frame: len(frame) > 100)
    host.input(echo_request())
    assert host.others == [] and not host.drops
    host.input(echo_request(bytes(100)))
    assert len(host.others) == 1


def test_ingress_filter_answers():
    host = Host()
    answers = []

    def answer(frame):
        answers.append(bytes(frame[6:12]) + OUR_MAC + bytes(frame[12:]))
        return answers[-1]

    host.interface.set_hooks(answer, lambda frame: False)  # the egress filter does not see it
    host.interface.receive(bytearray(echo_request()), len(echo_request()), True, host.now)
    assert [sent[0] for sent in host.wire.sent] == answers and len(answers) == 1


def test_egress_filter_drops_without_stalling_the_connection():
    host = Host()
    peer = host.peer()
    tcb = peer.connect()
    host.interface.set_hooks(egress=lambda frame: False)
    assert peer.write(b"hello") == [] and not tcb.stalled
    host.interface.set_hooks()
    assert host.until(lambda: tcb.retries or peer.sent[-1].data)[-1:] == ["P. 1:6(5) ack 1"]


def test_egress_filter_answers_at_the_next_tick():
    host = Host()
    refused = []

    def refuse(frame):
        """Answer a SYN with a RST, as a firewall that rejects."""
        if frame[23] != 6 or not frame[47] & 2:
            return True
        syn = frames.read(bytes(frame))
        refused.append(syn.dport)
        return frames.tcp("R.", 0, syn.seq + 1, 0, b"", b"", syn.dport, syn.sport, PEER, OURS)

    host.interface.set_hooks(egress=refuse)
    tcb = host.connect(PEER, 80, 0, 65536, 65536, host.now)
    assert host.take() == [] and host.stack.deadline() == 0
    host.at(0)
    assert refused == [80] and tcb.error == 111 and host.stack.deadline() > host.now


def test_answers_of_an_egress_filter_are_bounded():
    host = Host()
    host.interface.set_hooks(egress=lambda frame: bytes(60))
    for _ in range(FILTER_ANSWERS + 10):
        host.input(echo_request())
    assert len(host.interface.hooks.answers) == FILTER_ANSWERS
    host.at(0)
    assert not host.interface.hooks.answers


def test_hook_that_fails_drops_the_frame_and_nothing_else():
    host = Host()
    host.interface.set_hooks(ingress=lambda frame: 1 // 0)
    host.input(echo_request())
    host.input(echo_request())
    assert host.others == [] and host.dropped("hook_error") == 2
    assert len([line for line in host.log if "filter" in line]) == 1
    host.interface.set_hooks(egress=lambda frame: frame.nothing)
    host.input(echo_request())
    assert host.others == [] and host.dropped("hook_error") == 1


def test_capture_writes_pcap():
    host = Host()
    written = []
    host.interface.set_hooks(tap=Capture(written.append, lambda: 5000007))
    request = echo_request()
    host.input(request)
    data = b"".join(written)
    assert data[:4] == b"\xa1\xb2\xc3\xd4" and struct.unpack("!HH", data[4:8]) == (2, 4)
    assert struct.unpack("!I", data[20:24]) == (1,)
    assert struct.unpack("!IIII", data[24:40]) == (5, 7, len(request), len(request))
    assert data[40 : 40 + len(request)] == request
    assert len(data) == 24 + 2 * 16 + 2 * len(request)
