# Sockets of the tests: the loopback of the stack.

import socket
import unittest

HOST = "localhost"
HOSTv4 = "127.0.0.1"
HOSTv6 = "::1"
IPV6_ENABLED = has_gethostname = True


def bind_port(sock, host=HOST):
    sock.bind((host, 0))
    return sock.getsockname()[1]


def find_unused_port(family=socket.AF_INET, socktype=socket.SOCK_STREAM):
    with socket.socket(family, socktype) as sock:
        return bind_port(sock)


def skip_unless_bind_unix_socket(test):
    return unittest.skip("AF_UNIX sockets have no addresses")(test)


def bind_unix_socket(sock, address):
    raise unittest.SkipTest("AF_UNIX sockets have no addresses")


def get_socket_conn_refused_errs():
    import errno

    return [errno.ECONNREFUSED, errno.EADDRNOTAVAIL, errno.EHOSTUNREACH, errno.EAFNOSUPPORT]


class transient_internet:
    def __init__(self, *args, **kwargs):
        raise unittest.SkipTest("needs the Internet")
