# TCP_INFO: Linux's struct tcp_info.
import struct

from mnet.limits import SECOND
from mnet.tcp.info import SIZE, info
from unit.mnet.builders import Host
from unit.mnet.tcp.situations import in_state

NAMES = (
    "state ca_state retransmits probes backoff options scales flags "
    "rto ato snd_mss rcv_mss unacked sacked lost retrans fackets "
    "last_data_sent last_ack_sent last_data_recv last_ack_recv "
    "pmtu rcv_ssthresh rtt rttvar snd_ssthresh snd_cwnd advmss reordering rcv_rtt rcv_space total_retrans"
).split()


class Told:
    """The fields of a connection's tcp_info now, by their names without tcpi_."""

    def __init__(self, peer):
        for name, value in zip(NAMES, struct.unpack("<8B24I", info(peer.tcb, peer.host.now))):
            setattr(self, name, value)


def test_states_have_the_numbers_of_linux():
    assert SIZE == 104
    order = (
        "ESTABLISHED SYN-SENT SYN-RECEIVED FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT - CLOSE-WAIT LAST-ACK - CLOSING"
    )
    for number, state in enumerate(order.split()):
        if state != "-":  # CLOSE and LISTEN
            assert Told(in_state(state)).state == number + 1, state
    peer = in_state("ESTABLISHED")
    peer.send("R")
    assert Told(peer).state == 7


def test_an_open_connection():
    host = Host()
    peer = host.peer(ts=1000, wscale=7, sack=True)
    peer.connect()
    told = Told(peer)
    assert told.options == 7 and told.scales & 15 == 7 and told.scales >> 4 == peer.tcb.rcv_wscale
    assert (told.ca_state, told.retransmits, told.unacked) == (0, 0, 0)
    assert (told.snd_mss, told.rcv_mss, told.pmtu, told.snd_cwnd) == (1448, 1448, 1500, 10)
    assert told.snd_ssthresh == 0x7FFFFFFF and told.rcv_space == 65536
    bare = host.peer(rport=40001)
    bare.connect()
    assert Told(bare).options == 0 and Told(bare).scales == 0 and Told(bare).snd_mss == 1460


def test_round_trips_and_data_in_flight():
    host = Host()
    peer = host.peer()
    peer.connect()
    peer.write(b"x" * 1460)
    peer.tcb.nodelay = True
    peer.write(b"x")
    host.now += 40000
    told = Told(peer)
    assert told.unacked == 2 and told.last_data_sent == 40
    peer.send(".")
    told = Told(peer)
    assert told.unacked == 0 and told.rtt == peer.tcb.srtt >> 3 > 0
    assert told.rttvar == peer.tcb.rttvar >> 2 > 0 and told.rto == peer.tcb.rto >= told.rtt


def test_timeout_and_recovery_states():
    host = Host()
    peer = host.peer(mss=1000)
    peer.connect()
    peer.write(b"x" * 1000)
    host.until(lambda: peer.tcb.retries)
    told = Told(peer)
    assert (told.ca_state, told.retransmits, told.backoff, told.snd_cwnd) == (4, 1, 1, 1)
    assert told.snd_ssthresh == 2
    peer = host.peer(rport=40001, mss=1000, sack=True)
    peer.connect()
    peer.write(b"x" * 5000)
    host.at(SECOND // 100)
    peer.send(".", ack=1, sack=[(1001, 5001)])
    told = Told(peer)
    assert (told.ca_state, told.retransmits, told.sacked, told.unacked) == (3, 0, 4, 5)


def test_zero_window_probes_are_counted():
    host = Host()
    peer = host.peer()
    peer.connect()
    peer.win = 0
    peer.send(".")
    peer.write(b"x")
    host.next()
    assert Told(peer).probes == 1
