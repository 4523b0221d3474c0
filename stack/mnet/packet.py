# packet.py - how far the layers have got with the frame in hand.


class Packet:
    """One reused record a stack: `ip` (Ipv4 or Ipv6), `src`, `dst`, `protocol`, `ttl`, frame[off:end].

    `broadcast`: it came as a link or network broadcast. The frame is the stack's only until input() returns.
    """

    def __init__(self):
        self.frame = None
        self.ip = self.src = self.dst = self.protocol = self.ttl = self.off = self.end = 0
        self.broadcast = False
