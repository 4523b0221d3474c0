# sending.py - what the socket layer does before it sends: find the route.
from mnet.errors import ENETUNREACH
from mnet.tcp.settings import Settings


def send_datagram(host, sport, dst, dport, data, now, source=None, ttl=0):
    """Send one UDP datagram from the mnet Host `host`. False if there is no route, or no room."""
    route = host.route(dst, now, source)
    return route is not None and host.udp.output(route, sport, dport, data, now, ttl)


def open_connection(host, remote, rport, lport, snd_buf, rcv_buf, now, local=None, settings=None):
    """Open a connection from the mnet Host `host`: the Tcb, or a negative errno."""
    route = host.route(remote, now, local)
    if route is None:
        return -ENETUNREACH
    return host.tcp.connect(route, rport, lport, settings or Settings(snd_buf, rcv_buf), now)


def takes(host, dst, length):
    """Whether a helper Host has room for an IPv4 payload of `length` bytes to `dst`."""
    return host.stack.route(dst, host.now).takes(length, host.now)
