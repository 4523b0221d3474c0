# packet.py - the packet being processed, and errors about packets.


class Packet:
    """The packet being processed: one reused record per host. `ip` (Ipv4 or Ipv6), `src`, `dst`,
    `protocol`, `ttl`, payload frame[off:end]. `broadcast`: a broadcast or multicast of the link or the
    network. `whole`: reassembled from fragments, so that no device has verified its checksum. `ce`:
    congestion experienced (RFC 3168); of fragments, the last received, and so `tos`, the traffic class. The
    frame belongs to the stack only until input() returns."""

    def __init__(self):
        self.frame = None
        self.ip = self.src = self.dst = self.protocol = self.ttl = self.tos = self.off = self.end = 0
        self.broadcast = self.whole = self.ce = False


class TransportError:
    """An error about a packet that this host sent: an ICMP error, or an unreachable next hop. A reused
    record. `ip`: Ipv4 or Ipv6. `local`, `remote`: the packet's source and destination. frame[off:end]: the
    quoted part of its TCP or UDP segment, 8 bytes at least. `errno`: for the user. `hard`: RFC 1122
    4.2.3.9. `mtu`: the reported path MTU if the packet was too large, else 0."""

    def __init__(self):
        self.ip = self.local = self.remote = self.off = self.end = self.errno = self.mtu = 0
        self.frame = None
        self.hard = False
