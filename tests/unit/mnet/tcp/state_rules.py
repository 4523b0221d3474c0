# state_rules.py - what becomes of a segment that arrives: RFC 9293 3.10.7 as a table, to be read beside it.
#
# The first rule that fits decides; one that answers "..." is no end: the segment goes on, in the new state.
#
#   state      open: the peer may send text; shut: it has sent its FIN
#   segment    what it has, perhaps with more; "!": what it has not; "=": what it has and nothing else
#   sequence   where in the window it stands, or outside; "outside" and "edge" fit two places each
#   ack        below what RFC 5961 5.2 allows; old: the least of that; una; flight: all but the last number
#              that is in flight; nxt; beyond SND.NXT
#   answer     ACK: <SEQ=SND.NXT><ACK=RCV.NXT>; late: the same after the delay; RST: <SEQ=SEG.ACK>;
#              RST+ACK: <SEQ=0><ACK=SEG.SEQ+SEG.LEN>; SYN+ACK: <SEQ=ISS><ACK=SEG.SEQ+1>
#   becomes    the state afterwards; "=": the same
#   effect     acked: SND.UNA = SEG.ACK, SND.WND = SEG.WND; text, end: what the user reads; kept: what he will
#              read when the gap before it is filled; reset, refused, over: the error of the user; 2msl: the
#              wait restarts
#   counted    the name a drop is counted under, behind "tcp_"
RULES = """\
# 3.10.7.1: there is no connection
CLOSED                RST       *              *             -        =             -        no_port
CLOSED                ACK       *              *             RST      =             -        no_port
CLOSED                *         *              *             RST+ACK  =             -        no_port

# 3.10.7.2: first a reset, second an acknowledgement, third a SYN, fourth anything else. Text and FIN that
# come with a SYN are left alone (docs/deviations.md)
LISTEN                RST       *              *             -        =             -        rst
LISTEN                ACK       *              *             RST      =             -        no_connection
LISTEN                SYN       *              *             SYN+ACK  SYN-RECEIVED  -        -
LISTEN                *         *              *             -        =             -        no_syn

# 3.10.7.3: first the acknowledgement, second a reset, fourth a SYN, fifth anything else
SYN-SENT              RST+ACK   *              !nxt          -        =             -        bad_handshake_ack
SYN-SENT              ACK       *              !nxt          RST      =             -        bad_handshake_ack
SYN-SENT              RST+ACK   *              *             -        CLOSED        refused  rst
SYN-SENT              RST       *              *             -        =             -        rst
SYN-SENT              SYN+ACK   *              *             ACK      ESTABLISHED   acked    -
SYN-SENT              SYN       *              *             SYN+ACK  SYN-RECEIVED  -        -
SYN-SENT              *         *              *             -        =             -        no_syn

# 3.6.1, RFC 6191: a SYN beyond what was received begins anew, if somebody listens
TIME-WAIT-listening   SYN       left-edge      *             SYN+ACK  SYN-RECEIVED  over     -
TIME-WAIT-listening   SYN       right-edge     *             SYN+ACK  SYN-RECEIVED  over     -
TIME-WAIT-listening   SYN       outside-right  *             SYN+ACK  SYN-RECEIVED  over     -

# 3.10.7.4, first: the sequence number. A SYN that comes again is answered again, and behind the peer's FIN is
# no window (docs/deviations.md); a FIN that comes again is what TIME-WAIT is for
*                     RST       outside        *             -        =             -        outside_window
SYN-RECEIVED          =SYN      outside-left   *             SYN+ACK  =             -        outside_window
TIME-WAIT             FIN+!SYN  outside-left   *             ACK      =             2msl     outside_window
*                     *         outside        *             ACK      =             -        outside_window
shut                  RST       right-edge     *             -        =             -        outside_window
shut                  *         right-edge     *             ACK      =             -        outside_window

# Second: RST (RFC 5961 3.2)
SYN-RECEIVED-passive  RST       left-edge      *             -        LISTEN        -        rst
SYN-RECEIVED-active   RST       left-edge      *             -        CLOSED        refused  rst
open/CLOSE-WAIT       RST       left-edge      *             -        CLOSED        reset    rst
*                     RST       left-edge      *             -        CLOSED        over     rst
*                     RST       right-edge     *             ACK      =             -        rst

# Fourth: SYN (RFC 5961 4.2), after a passive open as well (docs/deviations.md)
*                     SYN       *              *             ACK      =             -        syn_in_window

# Fifth: ACK; of what it may be RFC 5961 5.2 has the bounds, and 3.5.2 a reset for those in SYN-RECEIVED
*                     !ACK      *              *             -        =             -        no_ack
SYN-RECEIVED          *         *              !nxt          RST      =             -        bad_handshake_ack
SYN-RECEIVED          *         *              nxt           ...      ESTABLISHED   acked    -
*                     *         *              below/beyond  ACK      =             -        ack_outside
FIN-WAIT-1            *         *              nxt           ...      FIN-WAIT-2    acked    -
CLOSING               *         *              nxt           ...      TIME-WAIT     acked    -
LAST-ACK              *         *              nxt           -        CLOSED        over     -
*                     *         *              una/flight    ...      =             acked    -
*                     *         *              nxt           ...      =             acked    -

# Seventh: text
open                  text      left-edge      *             ...      =             text     -
open                  text      right-edge     *             ...      =             kept     -
shut                  text      *              *             ...      =             -        text_after_fin

# Eighth: FIN; it is kept behind the last octet of the window too (docs/deviations.md)
*                     FIN       right-edge     *             ACK      =             kept     -
ESTABLISHED           FIN       *              *             ACK      CLOSE-WAIT    end      -
FIN-WAIT-1            FIN       *              *             ACK      CLOSING       end      -
FIN-WAIT-2            FIN       *              *             ACK      TIME-WAIT     end      -
TIME-WAIT             FIN       *              *             ACK      =             2msl     -
*                     FIN       *              *             ACK      =             -        -

# What was taken is acknowledged: at once if it is out of order, else a little later
open                  text      right-edge     *             ACK      =             -        -
open                  text      left-edge      *             late     =             -        -
*                     *         *              *             -        =             -        -
"""
RULES = [line.split() for line in RULES.split("\n") if line and line[0] != "#"]
GROUPS = {
    "open": ("ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2"),
    "shut": ("CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT"),
}


def expected(state, parts, edge, ack):
    """Return (answer, state, effects, counted) by RULES."""
    effects, counted = [], []
    for rule in deciding(state, parts, edge, ack):
        answer, becomes, effect, name = rule[4:]
        state = state if becomes == "=" else becomes
        effects += [effect] * (effect != "-")
        counted += [name] * (name != "-")
    return answer, state, effects, counted


def deciding(state, parts, edge, ack):
    """Return the rules that apply, in order."""
    found = []
    for rule in RULES:
        if fits(rule, state, parts, edge, ack):
            found.append(rule)
            if rule[4] != "...":
                return found
            state = state if rule[5] == "=" else rule[5]
    raise AssertionError("no rule")


def fits(rule, state, parts, edge, ack):
    """Whether a rule applies to this segment."""
    states = [state for name in rule[0].split("/") for state in GROUPS.get(name, (name,))]
    return (
        (rule[0] == "*" or any([state.startswith(each) for each in states]))
        and has(rule[1], parts)
        and (rule[2] == "*" or rule[2] in edge)
        and (rule[3] == "*" or ack in rule[3].split("/") or (rule[3][0] == "!" and ack != rule[3][1:]))
    )


def has(pattern, parts):
    """Whether the parts of a segment match a rule."""
    if pattern[0] == "=":
        return pattern[1:].split("+") == parts
    wanted = pattern.split("+")
    return pattern == "*" or all([(each[0] != "!") == (each.replace("!", "") in parts) for each in wanted])
