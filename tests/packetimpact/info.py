"""TCP_INFO: struct tcp_info, of Linux and of the stack."""

import struct
from typing import NamedTuple

ESTABLISHED, SYN_SENT, SYN_RECEIVED, FIN_WAIT_1, FIN_WAIT_2, TIME_WAIT, CLOSE = range(1, 8)
CLOSE_WAIT, LAST_ACK, LISTEN, CLOSING = range(8, 12)
OPEN, RECOVERY, LOSS = 0, 3, 4  # of ca_state
LAYOUT = struct.Struct("<8B24I")


class TcpInfo(NamedTuple):
    """The fields up to the number of retransmissions, without the tcpi_ of their names."""

    state: int
    ca_state: int
    retransmits: int
    probes: int
    backoff: int
    options: int
    scales: int  # the peer's below, ours above
    flags: int
    rto: int
    ato: int
    snd_mss: int
    rcv_mss: int
    unacked: int
    sacked: int
    lost: int
    retrans: int
    fackets: int
    last_data_sent: int
    last_ack_sent: int
    last_data_recv: int
    last_ack_recv: int
    pmtu: int
    rcv_ssthresh: int
    rtt: int
    rttvar: int
    snd_ssthresh: int
    snd_cwnd: int
    advmss: int
    reordering: int
    rcv_rtt: int
    rcv_space: int
    total_retrans: int


def parse(value: str) -> TcpInfo:
    """Parse the struct from hex."""
    return TcpInfo(*LAYOUT.unpack(bytes.fromhex(value)))
