# env.py - all the stack is given from outside besides its device: randomness and a place to complain. Time
# comes with each call.


class Env:
    """`random(n)` gives n unpredictable bytes; `log(text)` takes one line for the operator; `heap` is how
    many bytes there are, 0 if nobody knows."""

    def __init__(self, random, log, heap=0):
        self.random = random
        self.log = log
        self.heap = heap
        self.secret = random(16)

    def random_below(self, n):
        """An unpredictable number in 0 .. n - 1; n at most 2**32."""
        return int.from_bytes(self.random(7), "big") % n
