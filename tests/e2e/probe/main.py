# probe - echo over TCP and UDP, one-way streams, and on another port the counters and state of the stack: for
# tests that stress it and check its state afterwards.

import gc
import hashlib
import json
import select
import socket
import struct
import sys
import threading
import time

import _fiber
from mkernel import scheduler
from mnet.address6 import format_ipv6, parse_ipv6
from mnet.runner import current

PORT = 9000
SINK = 9001
SOURCE = 9002
SHORT = 9003  # echo with a backlog of 5
CONTROL = 9999
PIECE = 16384
FILLER = (bytes(range(251)) * (PIECE // 251 + 1))[: PIECE - 8]


def first():
    """Return the first interface that runs."""
    return current().running[0]


def counters():
    """Return the sizes of everything that must not grow."""
    running = first()
    stack, interface = running.host, running.interface
    gc.collect()
    return {
        "bugs": running.stats.bugs,
        "drops": running.stats.drops,
        "opened": running.stats.tcp_opened,
        "retransmitted": running.stats.tcp_retransmitted,
        "spurious": running.stats.tcp_spurious,
        "black_holes": running.stats.tcp_black_holes,
        "heap": gc.mem_alloc(),
        "fibers": _fiber.stats()[0],
        "connections": stack.tcp.count,
        "ports": len(stack.tcp.ports),
        "time_waits": len(stack.tcp.time_waits),
        "stalled": len(interface.link.stalled),
        "half_open": sum(len(each.syn_queue) for port in stack.tcp.listeners.values() for each in port),
        "timers": len(stack.deadlines.heap),
        "neighbors": len(interface.arp.neighbors.table),
    }


def later():
    """Let ten minutes pass for the stack: every timeout has expired and been processed."""
    stack = first().host
    now = scheduler.now()
    for seconds in range(600):
        stack.tick(now + seconds * 1000000)
    return "later"


def hog(larger):
    """Allocate all memory in a fiber, keep it for a second, and release it. `larger(kept)` allocates one more
    object."""
    caught = []

    def take():
        kept = None
        try:
            while True:
                kept = larger(kept)
        except MemoryError as error:
            caught.append(type(error).__name__)
        until = scheduler.now() + 1000000
        while scheduler.now() < until:
            time.sleep(0)  # which needs no memory

    thread = threading.Thread(target=take)
    thread.start()
    thread.join()
    return caught


def refused():
    """Return the error of a connected UDP socket for a closed port of the host at 10.0.0.1."""
    return becomes_of(("10.0.0.1", 1), 64)


def traced():
    """Return the errors from a router, and from a host behind it that one hop does not reach."""
    return [becomes_of(("10.9.0.1", 33434), 1), becomes_of(("10.9.0.9", 33434), 1)]


def six():
    """Return the configuration learnt from routers: addresses with their states, the routers in order, and so
    on."""
    interface = first().interface
    ip, routers = interface.ipv6, interface.routers
    now = scheduler.now()
    away = parse_ipv6("2001:db8::1")
    via = ip.routes.next_hop(away, now)
    source = ip.source(away, via)
    return {
        "addresses": {format_ipv6(each.value): each.state for each in ip.addresses.list},
        "via": via and format_ipv6(via),
        "source": source and format_ipv6(source),
        "nameservers": [format_ipv6(each) for each in routers.nameservers],
        "mtu": ip.mtu,
        "hops": ip.hop_limit,
    }


def paths():
    """Return the path MTU to some destination."""
    interface = first().interface
    return [mtu for ip in (interface.ipv4, interface.ipv6) for mtu, _ in ip.paths.table.values()]


def becomes_of(address, hops):
    """Return the error for a datagram to `address` with so many hops."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, hops)
    sock.connect(address)
    sock.settimeout(20)
    sock.send(b"anybody?")
    try:
        sock.recv(10)
    except OSError as error:
        return error.errno
    finally:
        sock.close()


def join():
    """Join a group, and echo its datagrams."""
    group = "232.7.7.7"
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("", CONTROL - 1))
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(group) + bytes(4))
    threading.Thread(target=echo_datagrams, args=(sock,), daemon=True).start()
    return group


def another():
    """Add an address in the same network."""
    address = "10.0.0.22"
    first().add_address(address + "/24")
    return address


def link():
    """Return whether the link is up, and how many frames were lost because it was down."""
    net = first()
    return [net.link, net.device.stats().tx_dropped]


def talk():
    """Send datagrams until one is lost because the link is down. Then report it on the console."""

    def talking():
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        while not link()[1]:
            sock.sendto(b"hello", ("10.0.0.1", 1))
            time.sleep(0.01)
        print("probe: lost one, the link is", "up" if link()[0] else "down", flush=True)

    threading.Thread(target=talking, daemon=True).start()
    return "talk"


def blast(host, block):
    """Send 400 datagrams of 60 000 bytes, each with its number in front, as fast as they are accepted."""

    def blasting():
        sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
        sock.setblocking(block)
        poller = select.poll()
        poller.register(sock, select.POLLOUT)
        number = 0
        while number < 400:
            try:
                sock.sendto(struct.pack("!I", number) + bytes(59996), (host, 7777))
                number += 1
            except BlockingIOError:
                poller.poll()

    threading.Thread(target=blasting, daemon=True).start()
    return "blast"


def answers():
    """Process one command a datagram; its answer is JSON with the command in it."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("0.0.0.0", CONTROL))
    commands = {
        b"counters": counters,
        b"later": later,
        b"hog": lambda: hog(lambda kept: [bytearray(1 << 20), kept]),
        b"hog_small": lambda: hog(lambda kept: (kept,)),  # 32 bytes each
        b"refused": refused,
        b"traced": traced,
        b"join": join,
        b"six": six,
        b"another": another,
        b"link": link,
        b"talk": talk,
        b"paths": paths,
        b"blast4": lambda: blast("10.0.0.1", True),
        b"blast6": lambda: blast("fd00::1", True),
        b"blast4nb": lambda: blast("10.0.0.1", False),
        b"blast6nb": lambda: blast("fd00::1", False),
    }
    while True:
        request, peer = sock.recvfrom(64)
        name, _, number = request.partition(b" ")
        if name == b"quit":
            sys.exit(0)
        if name in commands:
            reply = {"number": number.decode(), "answer": commands[name]()}
            sock.sendto(json.dumps(reply).encode(), peer)


def datagrams():
    """Echo."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("0.0.0.0", PORT))
    echo_datagrams(sock)


def echo_datagrams(sock):
    """Echo until the peer closes."""
    while True:
        data, peer = sock.recvfrom(2048)
        try:
            sock.sendto(data, peer)
        except OSError:
            pass


def echo(connection):
    """Echo until the peer closes."""
    piece = bytearray(PIECE)
    view = memoryview(piece)
    while n := connection.recv_into(piece):
        connection.sendall(view[:n])


def sink(connection):
    """Send the SHA-256 of the data received, once the peer has closed its half."""
    piece = bytearray(PIECE)
    view = memoryview(piece)
    digest = hashlib.sha256()
    while n := connection.recv_into(piece):
        digest.update(view[:n])
    connection.sendall(digest.digest())


def source(connection):
    """Send as many bytes as the peer's first 8 bytes say: pieces that begin with their number."""
    left = struct.unpack("!Q", connection.recv(8))[0]
    number = 0
    while left:
        piece = (struct.pack("!Q", number) + FILLER)[:left]
        connection.sendall(piece)
        left -= len(piece)
        number += 1


def serve(connection, service):
    """Run until one of the two closes."""
    try:
        with connection:
            service(connection)
    except OSError:
        pass


def streams(port, service, backlog=None):
    """Serve each connection in a thread."""
    listener = socket.create_server(("", port), family=socket.AF_INET6, backlog=backlog, dualstack_ipv6=True)
    threading.Thread(target=accept, args=(listener, service), daemon=True).start()


def accept(listener, service):
    """Serve without end."""
    while True:
        connection = None
        try:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection, service), daemon=True).start()
        except Exception:  # MemoryError, RuntimeError; a tuple of the two would need memory
            if connection is not None:
                connection.close()
            time.sleep(0)


def main():
    for port, service in ((PORT, echo), (SINK, sink), (SOURCE, source)):
        streams(port, service)
    streams(SHORT, echo, 5)
    threading.Thread(target=datagrams, daemon=True).start()
    print("probe: listening on port", PORT, flush=True)
    answers()


if __name__ == "__main__":
    main()
