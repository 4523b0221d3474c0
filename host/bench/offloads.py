"""Offloads of a Linux interface: segmentation, merging, checksums (`ethtool -K`)."""

import ctypes
import fcntl
import socket
import struct

from host.errors import HostError, explain

SIOCETHTOOL = 0x8946
# linux/ethtool.h: ETHTOOL_SRXCSUM, STXCSUM, SSG, STSO, SGSO, SGRO
COMMANDS = (0x15, 0x17, 0x19, 0x1F, 0x24, 0x2C)
VALUE = struct.Struct("=II")
IFREQ = struct.Struct("16sP16x")


def turn_off(interface: str) -> None:
    """Turn all offloads off, so that every segment crosses the link by itself and with its checksum."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for command in COMMANDS:
            value = ctypes.create_string_buffer(VALUE.pack(command, 0))
            request = IFREQ.pack(interface.encode(), ctypes.addressof(value))
            try:
                fcntl.ioctl(control, SIOCETHTOOL, request)
            except OSError as error:
                raise HostError(f"offloads of {interface}: {explain(error)}") from error
