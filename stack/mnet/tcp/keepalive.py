# keepalive.py - is the peer of an idle connection still there? RFC 9293 3.8.4, RFC 1122 4.2.3.6.
from micropython import const

from ..errors import ETIMEDOUT
from ..seq import M32
from . import close
from .output import transmit
from .states import ESTABLISHED, TIME_WAIT

_ACK = const(16)


def start(tcb, now):
    """The connection is established, or the user has changed his mind (MUST-24: off unless he asks)."""
    tcb.keep_at = 0
    tcb.keep_probes = 0
    if tcb.settings.keep_alive and ESTABLISHED <= tcb.state < TIME_WAIT:
        _look_again(tcb, now + tcb.settings.keep_idle)


def expire(tcb, now):
    """Time to look whether anything was heard (MUST-28: of text or acknowledgements)."""
    settings = tcb.settings
    heard = max(tcb.heard_at, tcb.ts_recent_at)
    if tcb.snd_una != tcb.snd_max or tcb.tx.head != tcb.tx.tail:  # what is sent is watched anyway
        return _look_again(tcb, now + settings.keep_idle)
    if now - heard < settings.keep_idle:
        tcb.keep_probes = 0
        return _look_again(tcb, heard + settings.keep_idle)
    limit = settings.user_timeout
    if tcb.keep_probes and (now - heard >= limit if limit else tcb.keep_probes >= settings.keep_count):
        return close.abort(tcb, ETIMEDOUT, now)
    tcb.keep_probes += 1
    _look_again(tcb, now + settings.keep_interval)
    transmit(tcb, (tcb.snd_una - 1) & M32, 0, _ACK, now)


def _look_again(tcb, at):
    tcb.keep_at = at
    tcb.tcp.deadlines.arm(tcb, at)
