# threading.py - as much of CPython's as unikernels/bench uses, over fibers.
import _fiber


class Thread:
    """A fiber."""

    def __init__(self, target, args=(), daemon=False):
        self.target = target
        self.args = args

    def start(self):
        _fiber.spawn(self.target, *self.args)
