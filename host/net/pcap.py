"""Capture a network interface into a pcap file (the classic format with nanoseconds)."""

import os
import selectors
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from host.errors import LaunchError, explain

MAGIC_NANOSECONDS = 0xA1B23C4D
SNAPLEN = 262144  # a tap may carry 64 KiB super-frames
LINKTYPE_ETHERNET = 1
ETH_P_ALL = 3
FILE_HEADER = struct.Struct("<IHHiIII")
RECORD_HEADER = struct.Struct("<IIII")


def file_header() -> bytes:
    return FILE_HEADER.pack(MAGIC_NANOSECONDS, 2, 4, 0, 0, SNAPLEN, LINKTYPE_ETHERNET)


def record(frame: bytes, nanoseconds: int) -> bytes:
    seconds, fraction = divmod(nanoseconds, 10**9)
    return RECORD_HEADER.pack(seconds, fraction, len(frame), len(frame)) + frame


def copy_frames(sock: socket.socket, stop: int, file: BinaryIO) -> None:
    """Copy frames until `stop` (an eventfd) is raised, and those that arrived before that."""
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        selector.register(stop, selectors.EVENT_READ)
        stopping = False
        while not stopping:
            stopping = any(key.fd == stop for key, _ in selector.select())
            try:
                while True:
                    file.write(record(sock.recv(SNAPLEN), time.time_ns()))
            except BlockingIOError:
                file.flush()


@contextmanager
def capture(interface: str, path: Path) -> Iterator[None]:
    """Write every frame that passes the interface, in both directions, while the block runs."""
    try:
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    except PermissionError:
        raise LaunchError(f"--pcap: capturing on {interface} needs root") from None
    with sock:
        try:
            sock.bind((interface, 0))
            sock.setblocking(False)
            file = path.open("wb")
        except OSError as error:
            raise LaunchError(f"--pcap: {explain(error)}") from error
        with file:
            file.write(file_header())
            stop = os.eventfd(0)
            thread = threading.Thread(target=copy_frames, args=(sock, stop, file), name="pcap", daemon=True)
            thread.start()
            try:
                yield
            finally:
                os.eventfd_write(stop, 1)
                thread.join()
                os.close(stop)
