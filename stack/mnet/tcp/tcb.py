# tcb.py - the transmission control block: all there is to know about one connection, in the names of RFC 9293
# 3.3.1.
#
# Plain attributes: what happens to them is in input.py, output.py, recovery.py, close.py, timers.py and
# user.py. Times are microseconds on the stack's clock; a deadline of 0 is off.
from micropython import const

from ..assembler import Assembler
from ..limits import SECOND, TCP_RANGES, TCP_RCV_BUF, TCP_SND_BUF
from ..rings import Ring
from ..timers import NEVER
from . import congestion
from .states import CLOSE_WAIT, CLOSED, ESTABLISHED, FIN_WAIT_2

_LAYOUT_NONE = const(1)  # of Segment.layout
_LAYOUT_TIMESTAMPS = const(2)


class _Nowhere:
    """The neighbour of a connection that has sent nothing yet."""

    mac = None


_NOWHERE = _Nowhere()


class Tcb:
    """One connection of `tcp` over `ip` from local:lport to remote:rport (addresses as `ip` has them)."""

    def __init__(self, tcp, ip, local, lport, remote, rport, snd_buf, rcv_buf):
        self.tcp = tcp
        self.ip = ip
        self.payload = ip.payload  # where our TCP header stands in a frame
        self.ends = ip.pack(remote) + ip.pack(local)  # as in the headers of what comes
        self.key = ip.key(remote, local) << 16 | rport
        self.local = local
        self.lport = lport
        self.remote = remote
        self.rport = rport
        self.state = CLOSED
        self.settings = tcp.settings
        self.error = 0  # errno the user is told: why the connection ended
        self.listener = None  # whose accept() it waits for
        self.orphan = False  # the user has closed: nobody will read

        # Send sequence space. snd_max is the highest number ever sent: snd_nxt falls back to snd_una after a
        # time-out.
        self.iss = self.snd_una = self.snd_nxt = self.snd_max = 0
        self.snd_wnd = self.snd_wl1 = self.max_snd_wnd = 0
        self.snd_wscale = 0
        self.tx = Ring(snd_buf or TCP_SND_BUF, tcp.memory)  # tx.tail is the byte at snd_una
        self.fin_seq = -1  # where our FIN stands, once the user has closed
        self.fin_acked = False
        self.nodelay = self.corked = False
        self.snd_up = -1  # behind the last of what is urgent (urgent.py)

        # Receive sequence space. rcv_adv is the right edge of the window last advertised, rcv_acked what was
        # last acknowledged.
        self.irs = self.rcv_nxt = self.rcv_adv = self.rcv_acked = 0
        self.rcv_wscale = 0
        self.scale_on = True  # windows are scaled: we offer it, and the peer's SYN settles it
        self.rcv_wnd = 0  # the window field last sent, for rcv_wnd_free
        self.rcv_wnd_free = -1
        self.rx = Ring(rcv_buf or TCP_RCV_BUF, tcp.memory)  # rx.head is the place of rcv_nxt
        self.rcv_free = self.rx.size  # room for text: 0 when no more may come
        self.ahead = Assembler(TCP_RANGES)
        self.sack_on = True  # as scale_on (RFC 2018)
        self.dsack = None  # what came twice, as (start, end), until it is reported (RFC 2883)
        self.urgent = None  # the peer's mark (urgent.py)
        self.rcv_fin = -1  # where the peer's FIN stands, if it came before some text
        self.ack_above = 0  # more than this is acknowledged at once
        self.ack_pending = False  # one segment's ACK is delayed
        self.ack_now = 0  # what the segment in hand wants (input.py)
        self.challenged_at = 0

        # Sizes: the largest segments we may send and want (RFC 9293 3.7.1), without options; gso: in one
        # frame to the device.
        self.snd_mss = self.gso = 536
        self.rcv_mss = 536
        self.mss_agreed = 536  # snd_mss, unless the path takes less (path.py)

        # Timestamps, RFC 7323
        self.ts_on = True  # as scale_on
        self.ts_recent = self.ts_recent_at = 0

        # Header prediction: the layout of options the next segment must have to be handled in line; -1: none
        # is.
        self.predicted = -1

        # The way to the peer: where frames go, and the header in front of each (output.transmit_elsewhere).
        self.neighbor = _NOWHERE
        self.mac = b""
        self.template = b""
        self.stalled = False  # waits for room in the device

        # Round trips, RFC 6298: srtt in eighths, rttvar in quarters of a microsecond; one segment is timed at
        # a time.
        self.srtt = self.rttvar = 0
        self.min_rtt = NEVER
        self.rto = SECOND
        self.patience = SECOND  # rto, or less where a probe of the tail comes before (RFC 8985 7.2)
        self.timed_seq = -1
        self.timed_at = 0

        # Congestion control, RFC 5681, 6582
        self.cc = tcp.congestion  # the algorithm (congestion.py)
        self.curve = None  # cubic.py's
        self.cwnd = self.ssthresh = self.pipe_prev = 0
        self.dupacks = 0
        self.recovery = congestion.OPEN
        self.recover = 0  # snd_max when the present recovery began
        self.sent_at = 0
        self.away = 0  # bytes in flight that count no more: reported, or lost (loss.py); RFC 3042's allowance
        self.sender = None  # of a peer that sends SACK (flight.py), from the first text on
        self.ecn = None  # ecn.py's
        self.mark_at = NEVER  # when text sent next begins a run of its own there

        # Deadlines
        self.rto_at = self.delack_at = self.close_at = self.reorder_at = 0
        self.keep_at = self.keep_probes = self.heard_at = 0  # keepalive.py
        self.stuck_at = 0  # since when the peer takes nothing, once a timer has run out
        self.tune_at = NEVER if rcv_buf else 0  # tuning.py
        self.tune_from = 0
        self.mss_at = 0  # when a larger snd_mss is tried again
        self.retries = 0  # time-outs since the peer was last heard
        self.probing = False  # of a shut window
        self.due = NEVER
        self.slot = 0

        # What it has carried (reclaim.py): in all at the last sweep, and lately
        self.carried = self.lately = 0

        # Whom to tell; set by the socket only while somebody waits.
        self.on_readable = self.on_writable = None

    def predict(self):
        """Say what the next segment must look like to be handled in line, if it may be at all
        (input.segment_arrives)."""
        self.predicted = -1
        if self.snd_nxt != self.snd_max or self.ahead.ranges or self.recovery or self.probing or self.orphan:
            return
        if self.away or (self.sender is not None and self.sender.probe >= 0):
            return
        if self.urgent is not None and self.urgent.at >= self.rx.head:
            return
        if self.rcv_fin >= 0 and self.state != CLOSE_WAIT:  # a FIN waits for what comes before it
            return
        state = self.state
        if state == FIN_WAIT_2 or ((state == ESTABLISHED or state == CLOSE_WAIT) and self.fin_seq < 0):
            self.predicted = _LAYOUT_TIMESTAMPS if self.ts_on else _LAYOUT_NONE

    def expire(self, now):
        """The deadline heap has come to this connection."""
        self.tcp.expire(self, now)
