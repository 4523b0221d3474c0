# tcb.py - the transmission control block: the state of one connection, in the names of RFC 9293 3.3.1.
#
# Plain attributes, used by input.py, output.py, recovery.py, close.py, timers.py and user.py. Times are
# microseconds on the stack's clock; a deadline of 0 is off.
from micropython import const

from ..assembler import NONE as _NONE
from ..limits import SECOND, TCP_RCV_BUF, TCP_SND_BUF
from ..rings import Ring
from ..timers import NEVER
from . import congestion
from .states import CLOSE_WAIT, CLOSED, ESTABLISHED, FIN_WAIT_2

_LAYOUT_NONE = const(1)  # values of Segment.layout
_LAYOUT_TIMESTAMPS = const(2)


_UNKNOWN = b""  # Tcb.mac: equals no neighbor's


class _NoNeighbor:
    """The next hop of a connection before its first segment."""

    mac = None


_NO_NEIGHBOR = _NoNeighbor()


class Tcb:
    """One connection of `tcp` over a Route (ip/route.py), which has our address and the peer's, between
    the ports lport and rport, with these Settings."""

    # What few connections have: an idle one should be small. All other attributes are those of each, because
    # changing them must need no memory.
    out_of_order = _NONE  # an Assembler, from the first out-of-order data on (receive.py)
    dsack = None  # duplicate data as (start, end), until it is reported (D-SACK, RFC 2883)
    ecn = None  # state of ecn.py
    challenged_at = 0
    snd_up = -1  # end of urgent data (urgent.py)

    def __init__(self, tcp, route, lport, rport, settings):
        self.tcp = tcp
        self.route = route  # Tcp.route() finds it again when it is out of date
        self.ip = ip = route.ip
        local, remote = route.source, route.dst
        self.link = ip.link
        self.payload = ip.payload  # offset of the TCP header in a frame
        self.key = ip.key(remote, local) << 16 | rport
        self.local = local
        self.lport = lport
        self.remote = remote
        self.rport = rport
        self.state = CLOSED
        self.settings = settings
        self.error = 0  # errno for the user: why the connection ended, or the last soft error
        self.listener = None  # the Listener, while in its SYN queue
        self.orphan = False  # the user has closed: no more data is read

        # Send sequence space. snd_max is the highest number sent: snd_nxt falls back to snd_una after a
        # timeout.
        self.iss = self.snd_una = self.snd_nxt = self.snd_max = 0
        self.snd_wnd = self.snd_wl1 = self.max_snd_wnd = 0
        self.snd_wscale = 0
        self.tx = Ring(settings.snd_buf or TCP_SND_BUF, tcp.memory)  # tx.tail is the byte at snd_una
        self.fin_seq = -1  # sequence number of our FIN, once the user has closed
        self.fin_acked = False
        self.nodelay = self.corked = False

        # Receive sequence space. rcv_adv is the right edge of the window last advertised, rcv_acked the last
        # acknowledgement number sent.
        self.irs = self.rcv_nxt = self.rcv_adv = self.rcv_acked = 0
        self.rcv_wscale = 0
        self.scale_on = True  # window scaling: offered, then settled by the peer's SYN
        self.snd_window_field = 0  # the 16-bit window field last sent
        self.snd_window_field_for = -1
        self.rx = Ring(settings.rcv_buf or TCP_RCV_BUF, tcp.memory)  # rx.head is the byte at rcv_nxt
        self.rcv_wnd = self.rx.size  # RCV.WND: room for data; 0 after the peer's FIN
        self.sack_on = True  # as scale_on (RFC 2018)
        self.urgent = None  # the peer's urgent mark (urgent.py)
        self.rcv_fin = -1  # sequence number of the peer's FIN, if it came out of order
        self.ack_above = 0  # more bytes than this are acknowledged at once
        self.ack_pending = False  # an ACK is delayed
        self.ack_now = 0  # acknowledgement that the segment being processed needs (receive.py)

        # Segment sizes (RFC 9293 3.7.1), without options: the largest to send and to receive; gso: the most
        # data in one frame to the device.
        self.snd_mss = self.gso = 536
        self.rcv_mss = 536
        self.mss_agreed = 536  # snd_mss, unless the path MTU is smaller (path.py)

        # Timestamps, RFC 7323
        self.ts_on = True  # as scale_on
        self.ts_recent = self.ts_recent_at = 0

        # Header prediction: the layout of options that the next segment must have for the fast path; -1:
        # none.
        self.predicted = -1

        # Next hop, and the header template of each frame (output.transmit_new_header).
        self.neighbor = _NO_NEIGHBOR
        self.mac = _UNKNOWN
        self.template = b""
        self.stalled = False  # waiting for room in the device

        # RTT estimation, RFC 6298: srtt in eighths, rttvar in quarters of a microsecond; one segment is timed
        # at a time.
        self.srtt = self.rttvar = 0
        self.min_rtt = NEVER
        self.rto = SECOND
        # timeout of a new timer: the rto, or the shorter PTO of a tail loss probe (RFC 8985 7.2)
        self.pto = SECOND
        self.timed_seq = -1
        self.timed_at = 0

        # Congestion control, RFC 5681, 6582
        self.cc = tcp.congestion  # the congestion control algorithm (cc/), and its state
        self.cc_state = None
        self.pacer = None  # a Pacer (pacing.py), if the algorithm paces
        self.cwnd = self.ssthresh = self.pipe_prev = 0
        self.dupacks = 0
        self.recovery = congestion.OPEN
        self.recover = 0  # snd_max when the current recovery began
        self.sent_at = 0
        # outstanding bytes outside the pipe: SACKed + lost (RFC 6675), or the limited transmit credit (RFC
        # 3042)
        self.outside_pipe = 0
        self.sender = None  # SACK sender state (flight.py), from the first data on
        self.mark_at = NEVER  # when newly sent data begins a new run of the scoreboard

        # Deadlines; timers.kind() says which timer rto_at is
        self.rto_at = self.delack_at = self.close_at = self.reorder_at = 0
        self.keep_at = self.keep_probes = self.received_at = 0  # keepalive.py
        self.stuck_at = 0  # since when no data was acknowledged, once a timer has expired (user timeout)
        self.tune_at = NEVER if settings.rcv_buf else 0  # tuning.py
        self.tune_from = 0
        self.mss_at = 0  # when to try a larger snd_mss
        self.retries = 0  # timeouts since the last ACK
        self.probing = False  # zero window probes are being sent
        self.due = NEVER
        self.slot = 0

        # Bytes carried (reclaim.py): in all at the last sweep, and recently.
        self.carried = self.recent = 0

        # Callbacks; set by the socket only while a task waits.
        self.on_readable = self.on_writable = None

    def predict(self):
        """Set the layout that the next segment must have for the fast path, if it may take it at all
        (input.segment_arrives)."""
        self.predicted = -1
        if (
            self.snd_nxt != self.snd_max
            or self.out_of_order.ranges
            or self.recovery
            or self.probing
            or self.orphan
        ):
            return
        if self.outside_pipe or (self.sender is not None and self.sender.tlp_end_seq >= 0):
            return
        if self.urgent is not None and self.urgent.at >= self.rx.head:
            return
        if self.rcv_fin >= 0 and self.state != CLOSE_WAIT:  # a FIN is queued out of order
            return
        state = self.state
        if state == FIN_WAIT_2 or ((state == ESTABLISHED or state == CLOSE_WAIT) and self.fin_seq < 0):
            self.predicted = _LAYOUT_TIMESTAMPS if self.ts_on else _LAYOUT_NONE

    def ends(self):
        """Return source and destination as in received headers."""
        return self.ip.pack(self.remote) + self.ip.pack(self.local)

    def invalidate_header(self):
        """Have the next segment look its next hop up and build a new header template
        (output.transmit_new_header)."""
        self.mac = _UNKNOWN

    def expire(self, now):
        """Handle a deadline (timers.Deadlines)."""
        self.tcp.expire(self, now)
