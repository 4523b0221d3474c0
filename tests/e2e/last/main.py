# last - sends one datagram and ends at once; test_exit.py receives it.
import socket
import sys

HOST = ("10.0.0.1", 7000)

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
    sock.sendto(b"first", HOST)
    sock.settimeout(30)
    sock.recv(100)  # so that the neighbor is resolved
    sock.sendto(b"last", HOST)
    sys.exit(7)
