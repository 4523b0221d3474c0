# run.py - runs a program that is written for CPython's socket and threading on MicroPython's unix build, over
# the Linux stack: `micropython /.../run.py FOLDER` runs FOLDER/main.py. For the benchmarks' peer only.
#
# Threads are the same fibers as in an image; the loop here waits for all of them in one poll().
import builtins
import sys

_print = builtins.print


def print(*args, flush=False):
    """CPython's, as far as it is used; MicroPython's keeps nothing back."""
    _print(*args)


def run(folder):
    """Run the program in `folder` until it is killed."""
    builtins.print = print
    sys.path[:] = [__file__.rsplit("/", 1)[0], folder, ".frozen"]
    import socket

    import _fiber
    import main

    _fiber.spawn(main.main)
    while True:
        _fiber.yield_()
        socket.wait_for_events(0 if _fiber.ready() else -1)


run(sys.argv[1])
