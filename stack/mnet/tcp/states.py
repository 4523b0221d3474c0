# states.py - the states of a connection, RFC 9293 3.3.2 (figure 5).
#
#   passive open    LISTEN (a Listener) -> SYN_RCVD -> ESTABLISHED
#   active open     SYN_SENT -> ESTABLISHED, or SYN_RCVD when both sides opened at once
#   close first     ESTABLISHED -> FIN_WAIT_1 -> FIN_WAIT_2 -> TIME_WAIT, or CLOSING -> TIME_WAIT when both
# closed at once
#   close second    ESTABLISHED -> CLOSE_WAIT -> LAST_ACK -> CLOSED
#   anything        -> CLOSED by a reset, an abort or a timeout
#
# The order of the numbers matters: < ESTABLISHED is not synchronized, >= CLOSE_WAIT has received the peer's
# FIN.
from micropython import const

CLOSED = const(0)
SYN_SENT = const(1)
SYN_RCVD = const(2)
ESTABLISHED = const(3)
FIN_WAIT_1 = const(4)
FIN_WAIT_2 = const(5)
CLOSE_WAIT = const(6)
CLOSING = const(7)
LAST_ACK = const(8)
TIME_WAIT = const(9)

NAMES = (
    "CLOSED",
    "SYN-SENT",
    "SYN-RECEIVED",
    "ESTABLISHED",
    "FIN-WAIT-1",
    "FIN-WAIT-2",
    "CLOSE-WAIT",
    "CLOSING",
    "LAST-ACK",
    "TIME-WAIT",
)
