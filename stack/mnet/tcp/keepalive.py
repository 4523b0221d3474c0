# keepalive.py - keep-alive probes of idle connections: RFC 9293 3.8.4, RFC 1122 4.2.3.6.
from micropython import const

from ..errors import ETIMEDOUT
from ..seq import M32
from . import close
from .output import transmit
from .states import ESTABLISHED, TIME_WAIT

_ACK = const(16)


def start(tcb, now):
    """(Re)arm the keep-alive timer after ESTABLISHED or a change of SO_KEEPALIVE (MUST-24: off by
    default)."""
    tcb.keep_at = 0
    tcb.keep_probes = 0
    if tcb.settings.keep_alive and ESTABLISHED <= tcb.state < TIME_WAIT:
        _arm(tcb, now + tcb.settings.keep_idle)


def expire(tcb, now):
    """Send a keep-alive probe if neither data nor an ACK was received for the interval (MUST-28)."""
    settings = tcb.settings
    received = max(tcb.received_at, tcb.ts_recent_at)
    # the retransmission timer watches outstanding data
    if tcb.snd_una != tcb.snd_max or tcb.tx.head != tcb.tx.tail:
        return _arm(tcb, now + settings.keep_idle)
    if now - received < settings.keep_idle:
        tcb.keep_probes = 0
        return _arm(tcb, received + settings.keep_idle)
    limit = settings.user_timeout
    if tcb.keep_probes and (now - received >= limit if limit else tcb.keep_probes >= settings.keep_count):
        return close.abort(tcb, ETIMEDOUT, now)
    tcb.keep_probes += 1
    _arm(tcb, now + settings.keep_interval)
    transmit(tcb, (tcb.snd_una - 1) & M32, 0, _ACK, now)


def _arm(tcb, at):
    tcb.keep_at = at
    tcb.tcp.deadlines.arm(tcb, at)
