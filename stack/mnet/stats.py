# stats.py - counters. Each dropped packet is counted under the name of its reason: peers cause no exceptions.
# mib.py gives those of `ip -s link` and nstat to a program; stats() of an interface has these.

# Names of nstat: counters of each version of IP, and of TCP. Others follow from these and the drops (mib.py).
IP_AND_UDP = (
    "IpInReceives",
    "IpInDelivers",
    "IpInUnknownProtos",
    "IpReasmReqds",
    "IpReasmOKs",
    "IpReasmFails",
    "IpFragOKs",
    "IpFragCreates",
    "UdpInDatagrams",
    "UdpNoPorts",
    "UdpInErrors",
    "UdpRcvbufErrors",
    "UdpInCsumErrors",
    "UdpOutDatagrams",
)
TCP = (
    "TcpActiveOpens",
    "TcpPassiveOpens",
    "TcpAttemptFails",
    "TcpEstabResets",
    "TcpInSegs",
    "TcpOutRsts",
    "TcpRetransSegs",
    "TcpExtTCPTimeouts",
    "TcpExtTCPLossProbes",
    "TcpExtSyncookiesRecv",
)


class Stats:
    """Counters since the start; `drops` maps a reason to a number, `counters` (for IPv6 `counters6`) a name
    of those above, `icmp` and `icmp6` a message's (whether it was sent, type). The reasons are literals of
    the code, so the tables are bounded."""

    def __init__(self):
        self.bugs = 0
        self.tcp_opened = 0
        self.tcp_retransmitted = 0
        self.tcp_black_holes = 0  # times that a black hole was suspected and the MSS reduced (tcp/path.py)
        self.tcp_spurious = 0  # recoveries undone because the loss was spurious (tcp/loss.py)
        self.tcp_marked = 0  # cwnd reductions because of ECN (tcp/ecn.py)
        self.tcp_no_timestamp = 0  # segments without the negotiated timestamp (tcp/acceptability.py)
        # packets and timers that failed for lack of memory; includes reasons that could not be counted
        self.no_memory = 0
        self.drops = {}
        self.counters = dict.fromkeys(IP_AND_UDP + TCP, 0)
        self.counters6 = dict.fromkeys(IP_AND_UDP, 0)
        self.icmp = {}
        self.icmp6 = {}

    def drop(self, reason):
        """Count a dropped packet. Never fails: without memory for a new reason it is counted in no_memory."""
        self.add(self.drops, reason)

    def count(self, name):
        """Count an event, by its name in nstat."""
        self.counters[name] += 1

    def add(self, table, key):
        """Count in a table of reasons or messages. Never fails, as drop()."""
        try:
            table[key] = table.get(key, 0) + 1
        except MemoryError:
            self.no_memory += 1
