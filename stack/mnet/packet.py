# packet.py - how far the layers have got with the frame in hand.


class Packet:
    """One reused record a stack: `ip` (Ipv4 or Ipv6), `src`, `dst`, `protocol`, `ttl`, frame[off:end].

    `broadcast`: it came as a broadcast or multicast, of the link or the network. `whole`: it was put together
    from fragments, one or more, so that no device can vouch for its sum. `ce`: a router has marked it (RFC
    3168); of fragments, the last to come. The frame is the stack's only until input() returns.
    """

    def __init__(self):
        self.frame = None
        self.ip = self.src = self.dst = self.protocol = self.ttl = self.off = self.end = 0
        self.broadcast = self.whole = self.ce = False


class Failure:
    """What has become of a packet of ours: an ICMP error has come, or no neighbour took it. A reused record.

    `ip`: Ipv4 or Ipv6. `local`, `remote`: the packet's source and destination. frame[off:end]: what there is
    of its TCP or UDP part, 8 bytes at least. `error`: the errno for the user. `hard`: it will not get better
    (RFC 1122 4.2.3.9). `mtu`: if not 0, it was too large, and no more than this goes through.
    """

    def __init__(self):
        self.ip = self.local = self.remote = self.off = self.end = self.error = self.mtu = 0
        self.frame = None
        self.hard = False
