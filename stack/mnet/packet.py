# packet.py - how far the layers have got with the frame in hand.


class Packet:
    """One reused record a host: `ip` (Ipv4 or Ipv6), `src`, `dst`, `protocol`, `ttl`, frame[off:end].

    `broadcast`: it came as a broadcast or multicast, of the link or the network. `whole`: it was put together
    from fragments, one or more, so that no device can vouch for its sum. `ce`: a router has marked it (RFC
    3168); of fragments, the last to come. The frame is the stack's only until input() returns.
    """

    def __init__(self):
        self.frame = None
        self.ip = self.src = self.dst = self.protocol = self.ttl = self.off = self.end = 0
        self.broadcast = self.whole = self.ce = False


class TransportError:
    """An error about a packet of ours: an ICMP error, or its next hop has not answered. A reused record.

    `ip`: Ipv4 or Ipv6. `local`, `remote`: the packet's source and destination. frame[off:end]: what is quoted
    of its TCP or UDP part, 8 bytes at least. `errno`: for the user. `hard`: RFC 1122 4.2.3.9. `mtu`: the
    reported path MTU if the packet was too large, else 0.
    """

    def __init__(self):
        self.ip = self.local = self.remote = self.off = self.end = self.errno = self.mtu = 0
        self.frame = None
        self.hard = False
