# frames - a net device by itself, without a stack: `in` reads and discards, `out BYTES` sends without end.
import sys

import _mkernel

BATCH = 64
RETRY = 50000  # ns
# From one locally administered address to another, of the type for local experiments, so that the
# host's stack drops it at once.
HEADER = b"\x02\x00\x00\x00\x00\x01\x02\x00\x00\x00\x00\x02\x88\xb5"


def take(net):
    """Read every frame."""
    buffer = bytearray(65600)
    while True:
        while net.read_into(buffer):
            pass
        _mkernel.poll(-1)


def send(net, size):
    """Send as many frames as the device takes."""
    frame = HEADER + bytes(size - len(HEADER))
    while True:
        taken = True
        for _ in range(BATCH):
            if not net.write(frame, size):
                taken = False
                break
        net.flush()
        if not taken:
            _mkernel.poll(_mkernel.clock_monotonic() + RETRY)


def main(arguments):
    """Run one of the two until the machine is stopped."""
    net = _mkernel.Net("service")
    print("frames: ready", flush=True)
    if arguments == ["in"]:
        take(net)
    send(net, int(arguments[1]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
