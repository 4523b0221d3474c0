# files - files, environment and signals of an image; test_files.py calls the functions by name.

import os
import signal
import sys
import threading
import time


def environment():
    print(os.environ["PORT"], os.environ["NAME"], os.getenv("MORE"), sys.argv[2:])


def fills_the_disk():
    """Write until no room is left; the machine continues, and room is freed."""
    room = os.statvfs("/tmp")
    print("room", room.f_bavail * room.f_bsize > 1 << 20)
    written = 0
    try:
        with open("/tmp/full", "wb") as file:
            while True:
                written += file.write(bytes(4096))
    except OSError as error:
        print(type(error).__name__, error.errno, written > 1 << 20)
    os.remove("/tmp/full")
    with open("/tmp/full", "wb") as file:
        print("again", file.write(bytes(written // 2)) == written // 2)


def forgets_files():
    """Files that are never closed release their descriptors."""
    for number in range(20):
        open("/tmp/x", "w").write(str(number))
    numbers = {os.open("/tmp/x", os.O_RDONLY) for _ in range(3)}
    print(open("/tmp/x").read(), max(numbers) < 100)


def stops():
    """SIGTERM from a thread ends the main task where it waits."""

    def stop(number, frame):
        raise SystemExit(7)

    signal.signal(signal.SIGTERM, stop)
    threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGTERM)).start()
    time.sleep(30)


def is_ended():
    threading.Timer(0.1, signal.raise_signal, (signal.SIGTERM,)).start()
    time.sleep(30)


globals()[sys.argv[1]]()
