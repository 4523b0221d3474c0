# calls - prints the results of socket calls, a line each, to compare an image with CPython on Linux. Its
# arguments are the address and the port of a peer whose behaviour the first line of a connection selects
# (tests/e2e/test_calls.py).
import array
import select
import socket
import sys
import threading
import time

HOST, PORT = sys.argv[1], int(sys.argv[2])
PEER = (HOST, PORT)
TIMEOUT = 20


def told(error):
    """Return an exception as both sides print it: texts of OSError with a number may be longer here."""
    if isinstance(error, OSError) and error.args and error.errno:
        return "%s %d" % (type(error).__name__, error.errno)
    return "%s %s" % (type(error).__name__, error)


def show(label, call, *args):
    try:
        result = repr(call(*args))
    except Exception as error:
        result = told(error)
    print("%s: %s" % (label, result), flush=True)


def opened(*options):
    """Return a socket without a timeout, whatever the default is."""
    sock = socket.socket(*options)
    sock.settimeout(None)
    return sock


def connected(command="echo"):
    """Return a connection to the peer, which behaves as the command says."""
    sock = opened()
    sock.connect(PEER)
    sock.sendall(command.encode() + b"\n")
    if sock.recv(1) != b"+":
        raise RuntimeError("the peer does not understand " + command)
    return sock


def mask(sock, until=0):
    """Return the events of poll(), once it reports all of `until`; without the older names for reading and
    writing."""
    poller = select.poll()
    poller.register(sock, select.POLLIN | select.POLLOUT | select.POLLPRI | select.POLLRDHUP)
    deadline = time.monotonic() + TIMEOUT
    while True:
        events = poller.poll(0)
        bits = events[0][1] if events else 0
        if bits & until == until or time.monotonic() > deadline:
            return bits
        time.sleep(0.01)


def no_one():
    """Return an address with a closed port."""
    return HOST, 4


def lengths():
    wide = array.array("H", [0x6261, 0x6463, 0x6665])
    for name, what in (
        ("text", "text"),
        ("none", None),
        ("number", 5),
        ("list", [1]),
        ("array", wide),
        ("view", memoryview(wide)[1:]),
        ("bytearray", bytearray(b"xy")),
        ("nothing", b""),
    ):
        sock = connected()
        show("send " + name, sock.send, what)
        show("sendall " + name, sock.sendall, what)
        show("sendmsg " + name, sock.sendmsg, [b"-", what])
        sock.shutdown(socket.SHUT_WR)
        show("came back of " + name, all_of, sock)
        dgram = opened(socket.AF_INET, socket.SOCK_DGRAM)
        show("sendto " + name, dgram.sendto, what, PEER)
        show("sendto with flags " + name, dgram.sendto, what, 0, PEER)
    show("sendto alone", dgram.sendto, b"x")
    show("sendto with more", dgram.sendto, b"x", 0, PEER, 1)


def all_of(sock):
    data = b""
    while True:
        more = sock.recv(100)
        if not more:
            return data
        data += more


def arrived(data):
    """Return a connection on which this data has arrived."""
    sock = connected()
    sock.sendall(data)
    while len(sock.recv(len(data), socket.MSG_PEEK)) < len(data):
        time.sleep(0.01)
    return sock


def receiving():
    for what in ("text", b"bytes", None, 5, [1], memoryview(b"bytes")):
        sock = arrived(b"data")
        for name in ("recv_into", "recvfrom_into"):
            show("%s %s" % (name, type(what).__name__), getattr(sock, name), what)
    sock = arrived(b"0123456789ABCDEFGHIJ")
    wide = array.array("H", [0] * 4)
    show("recv_into array", sock.recv_into, wide)
    show("what came", bytes, wide)
    show("recv_into two", sock.recv_into, wide, 2)
    show("recv_into view", sock.recv_into, memoryview(wide)[2:])
    show("what came", bytes, wide)
    show("recvfrom", sock.recvfrom, 2)
    show("recvfrom_into", sock.recvfrom_into, wide, 1)
    show("recv_into nothing", sock.recv_into, bytearray(0))
    show("recv nothing", sock.recv, 0)
    show("recv_into too much", sock.recv_into, wide, 9)
    show("recvfrom_into too much", sock.recvfrom_into, wide, 9)
    show("recv_into negative", sock.recv_into, wide, -1)
    show("recvfrom_into negative", sock.recvfrom_into, wide, -1)
    show("recv negative", sock.recv, -1)
    show("recvfrom negative", sock.recvfrom, -1)
    show("peek", sock.recv, 2, socket.MSG_PEEK)
    show("waitall", sock.recv, 3, socket.MSG_WAITALL)
    show("dontwait", sock.recv, 1, socket.MSG_DONTWAIT)
    sock = arrived(b"0123456789")
    show("recvmsg", sock.recvmsg, 3)
    room = [bytearray(2), bytearray(9)]
    show("recvmsg_into", sock.recvmsg_into, room)
    show("what came", lambda: room)
    sock.settimeout(0.05)
    show("a time-out", sock.recv, 1)
    show("waitall with a time-out", lambda: arrived(b"abc").recv(3, socket.MSG_WAITALL))


def datagrams():
    sock = opened(socket.AF_INET, socket.SOCK_DGRAM)
    sock.sendto(b"0123456789", PEER)
    show("peek", sock.recv, 4, socket.MSG_PEEK)
    show("recvmsg", lambda: sock.recvmsg(4)[:3])
    sock.sendto(b"0123456789", PEER)
    show("recvfrom", lambda: sock.recvfrom(4) == (b"0123", PEER))
    sock.sendto(b"0123456789", PEER)
    small = bytearray(4)
    show("recv_into", sock.recv_into, small)
    show("what came", lambda: small)
    show("sendmsg", sock.sendmsg, [b"a", b"b"], [], 0, PEER)
    show("recv", sock.recv, 10)
    show("bind twice", sock.bind, ("", 0))
    show("port 0", sock.sendto, b"x", (HOST, 0))
    show("send without a peer", sock.send, b"x")
    show("no peer", sock.getpeername)
    show("listen", sock.listen)
    sock.setblocking(False)
    show("nothing there", sock.recv, 1)
    sock = opened(socket.AF_INET, socket.SOCK_DGRAM)
    show("shutdown without a peer", sock.shutdown, socket.SHUT_WR)
    show("sendto after it", sock.sendto, b"x", PEER)
    sock = opened(socket.AF_INET, socket.SOCK_DGRAM)
    sock.connect(PEER)
    show("connect again", sock.connect, PEER)
    sock.send(b"queued")
    mask(sock, select.POLLIN)
    show("SHUT_RD", sock.shutdown, socket.SHUT_RD)
    show("mask", mask, sock)
    show("recv", sock.recv, 10)
    show("recv", sock.recv, 10)
    show("send", sock.send, b"x")
    show("SHUT_WR", sock.shutdown, socket.SHUT_WR)
    show("send", sock.send, b"x")
    show("sendto", sock.sendto, b"x", PEER)
    show("mask", mask, sock, select.POLLIN)


def shutting():
    sock = arrived(b"queued")
    show("SHUT_RD", sock.shutdown, socket.SHUT_RD)
    show("mask", mask, sock)
    show("recv", sock.recv, 3)
    show("recv", sock.recv, 30)
    show("recv", sock.recv, 30)
    sock.sendall(b"later")
    while not sock.recv(5, socket.MSG_PEEK):
        time.sleep(0.01)
    show("later", sock.recv, 30)
    show("SHUT_RD again", sock.shutdown, socket.SHUT_RD)
    show("SHUT_WR", sock.shutdown, socket.SHUT_WR)
    show("mask", mask, sock)
    show("send", sock.send, b"x")
    show("no way", sock.shutdown, 7)
    show("no number", sock.shutdown, "x")
    sock = connected("close")
    show("the peer has closed", mask, sock, select.POLLRDHUP)
    show("recv", sock.recv, 1)
    sock.shutdown(socket.SHUT_WR)
    show("and so have we", mask, sock, select.POLLHUP)
    sock = connected("reset")
    show("reset", mask, sock, select.POLLERR)
    show("recv", sock.recv, 1)
    show("recv", sock.recv, 1)
    show("send", sock.send, b"x")
    show("shutdown", sock.shutdown, socket.SHUT_WR)
    show("connect", sock.connect, PEER)
    sock = opened()
    show("fresh mask", mask, sock)
    show("fresh recv", sock.recv, 1)
    show("fresh send", sock.send, b"x")
    show("fresh name", sock.getsockname)
    show("fresh peer", sock.getpeername)
    show("fresh accept", sock.accept)
    show("fresh shutdown", sock.shutdown, socket.SHUT_RDWR)


def listening():
    sock = opened()
    show("bind", sock.bind, ("", 0))
    show("has a port", lambda: sock.getsockname()[1] > 0)
    show("bind again", sock.bind, ("", 0))
    show("listen", sock.listen)
    show("mask", mask, sock)
    show("recv", sock.recv, 1)
    show("send", sock.send, b"x")
    show("connect", sock.connect, PEER)
    show("peer", sock.getpeername)
    show("accepting", sock.getsockopt, socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    show("SHUT_WR", sock.shutdown, socket.SHUT_WR)
    show("SHUT_RD", sock.shutdown, socket.SHUT_RD)
    show("mask", mask, sock)
    show("accept", sock.accept)
    show("listen again", sock.listen)
    show("without bind", opened().listen)
    sock.setblocking(False)
    show("accept", sock.accept)
    other = opened()
    show("bind what listens", other.bind, sock.getsockname())
    one, two = shared(), shared()
    show("bind", one.bind, ("", 0))
    show("bind the same", two.bind, one.getsockname())
    show("listen", one.listen)
    show("listen", two.listen)
    show("a foreign address", opened().bind, ("192.0.2.7", 0))
    conn = connected()
    for reuse in (0, 1):
        for host in (conn.getsockname()[0], ""):
            sock = opened()
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, reuse)
            show("port of a connection", sock.bind, (host, conn.getsockname()[1]))
    one = shared()
    one.connect(PEER)
    two = shared()
    show("port of a connection, shared", two.bind, one.getsockname())
    show("listen", two.listen)
    show("text to serve", socket.create_server, ("", "80"))
    show("foreign to serve", socket.create_server, ("192.0.2.7", 0))


def shared():
    sock = opened()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return sock


def ended(sock):
    """Wait until an attempt to connect has ended."""
    mask(sock, select.POLLOUT)
    return sock


def connecting():
    for timeout in (None, TIMEOUT):
        print("time-out %s" % timeout)
        sock = opened()
        sock.settimeout(timeout)
        show("refused", sock.connect, no_one())
        show("peer", sock.getpeername)
        show("bind", sock.bind, ("", 0))
        show("bind again", sock.bind, ("", 0))
        show("connect", sock.connect, PEER)
        show("connect", sock.connect, PEER)
        show("connect", sock.connect_ex, PEER)
        show("listen", sock.listen)
        sock = opened()
        sock.settimeout(timeout)
        show("connect", sock.connect_ex, PEER)
        show("connect", sock.connect_ex, PEER)
        show("connect", sock.connect_ex, PEER)
    sock = opened()
    sock.setblocking(False)
    sock.connect_ex(PEER)
    ended(sock)
    show("once open", sock.connect_ex, PEER)
    show("and then", sock.connect_ex, PEER)
    sock = opened()
    sock.setblocking(False)
    sock.connect_ex(PEER)
    ended(sock)
    show("no error", sock.getsockopt, socket.SOL_SOCKET, socket.SO_ERROR)
    show("send", sock.send, b"x")
    show("once open", sock.connect_ex, PEER)
    show("and then", sock.connect, PEER)
    sock = opened()
    sock.setblocking(False)
    sock.connect_ex(no_one())
    show("refused", mask, ended(sock))
    show("connect", sock.connect_ex, no_one())
    sock.connect_ex(no_one())
    ended(sock)
    show("error", sock.getsockopt, socket.SOL_SOCKET, socket.SO_ERROR)
    show("error", sock.getsockopt, socket.SOL_SOCKET, socket.SO_ERROR)
    show("connect", sock.connect_ex, no_one())
    for name in ("recv", "send"):
        sock = opened()
        sock.setblocking(False)
        sock.connect_ex(no_one())
        ended(sock)
        call = getattr(sock, name)
        for _ in range(2):
            show(name, call, 1 if name == "recv" else b"x")


def addresses():
    dgram = opened(socket.AF_INET, socket.SOCK_DGRAM)
    for port in ("80", 80.0, None, -1, 65536, 2**70):
        for name in ("bind", "connect", "connect_ex"):
            show("%s port %r" % (name, port), getattr(opened(), name), (HOST, port))
        show("sendto port %r" % (port,), dgram.sendto, b"x", (HOST, port))
    for address in (
        "10.0.0.1",
        ("10.0.0.1",),
        ("10.0.0.1", 1, 2),
        ["10.0.0.1", 1],
        None,
        5,
        (5, 1),
        (None, 1),
    ):
        show("connect %r" % (address,), opened().connect, address)
        show("bind6 %r" % (address,), socket.socket(socket.AF_INET6).bind, address) if address else None
    show("bytes", opened().bind, (b"0.0.0.0", 0))
    for port in (
        "http",
        "80",
        80,
        None,
        "",
        b"80",
        b"http",
        "nosuch",
        "-1",
        70000,
        -1,
        "http ",
        "domain",
        "tftp",
    ):
        show("service %r" % (port,), resolved, HOST, port)
    show("no host", resolved, None, 80)
    show("no host to serve", resolved, None, 80, 0, 0, 0, socket.AI_PASSIVE)
    show("nothing", resolved, None, None)
    show("other family", resolved, HOST, 80, socket.AF_INET6)
    show("no family", resolved, HOST, 80, 99)
    show("no type", resolved, HOST, 80, 0, 99)
    show("UDP only", resolved, HOST, 80, 0, 0, socket.IPPROTO_UDP)
    show("no such over UDP", resolved, HOST, "http", 0, socket.SOCK_DGRAM)
    show("a name is no number", resolved, HOST, "http", 0, 0, 0, socket.AI_NUMERICSERV)
    show("no text", resolved, 5, 80)
    show("connection", lambda: socket.create_connection((HOST, str(PORT))).getpeername() == PEER)
    for name in ("http", "https", "domain", "ssh", "nosuch"):
        show("service " + name, socket.getservbyname, name)
    show("service of udp", socket.getservbyname, "ntp", "udp")
    for port in (80, 443, 53, 12345, -1, 70000):
        show("port %d" % port, socket.getservbyport, port)
    for text in ("1", "127.1", "0x7f.1", "1.2.3", "1.2.3.4", "", "1.2.3.4.5", "256.1.1.1", "1.2.3.4 x", "a"):
        show("inet_aton %r" % text, socket.inet_aton, text)
    for text in ("1.2.3", "1.2.3.4", "", "1.2.3.256", "01.2.3.4"):
        show("inet_pton %r" % text, socket.inet_pton, socket.AF_INET, text)
    for text in ("::", "1::2", "::ffff:1.2.3.4", "fe80::1%1", "12345::", "1::2::3", ":::"):
        show("inet_pton %r" % text, socket.inet_pton, socket.AF_INET6, text)
    for packed in (b"abcd", bytearray(b"abcd"), b"abc", "abcd"):
        show("inet_ntoa %r" % packed, socket.inet_ntoa, packed)
        show("inet_ntop %r" % packed, socket.inet_ntop, socket.AF_INET, packed)
    show("inet_ntop of no family", socket.inet_ntop, 99, b"abcd")
    show("inet_pton of no family", socket.inet_pton, 99, "1.2.3.4")
    for value in (1, 256, 65535, 65536, -1):
        show("htons %d" % value, socket.htons, value)
    for value in (1, 1 << 24, 1 << 32, -1):
        show("htonl %d" % value, socket.htonl, value)


def resolved(*args):
    """Return the results of getaddrinfo() without raw sockets, as plain numbers."""
    found = socket.getaddrinfo(*args)
    return [(int(f), int(t), p, name, address) for f, t, p, name, address in found if t != 3]


def options():
    sock = opened()
    show("what it is", lambda: (int(sock.family), int(sock.type), sock.proto))
    show("with a protocol", lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM, 6).proto)
    show("does not block", lambda: opened2(socket.SOCK_STREAM | socket.SOCK_NONBLOCK).gettimeout())
    for kind, proto in ((77, 0), (socket.SOCK_STREAM, 17)):
        show("no socket", socket.socket, socket.AF_INET, kind, proto)
    show("no family", socket.socket, 99)
    keep = socket.SOL_SOCKET, socket.SO_KEEPALIVE
    for value in (b"\1\0\0\0", bytearray(b"\1\0\0\0"), b"\0\0\0\0", b"\1", b"", True, 1.5, "1", None, 2**40):
        show("setsockopt %r" % (value,), sock.setsockopt, *keep, value)
        show("is now", sock.getsockopt, *keep)
    for length in (0, 1, 4, 8, 2000, -1):
        show("getsockopt of %d" % length, sock.getsockopt, *keep, length)
    for name in ("SO_TYPE", "SO_PROTOCOL", "SO_DOMAIN", "SO_ACCEPTCONN", "SO_ERROR", "SO_REUSEADDR"):
        show(name, sock.getsockopt, socket.SOL_SOCKET, getattr(socket, name))
    for value in (0, 5, 0.5, None, True):
        show("settimeout %r" % value, lambda: (sock.settimeout(value), sock.gettimeout(), sock.getblocking()))
    show("none such", sock.setsockopt, socket.SOL_SOCKET, 9999, 1)


def opened2(kind):
    return socket.socket(socket.AF_INET, kind)


def numbers():
    """Print file descriptors relative to the first of them."""
    first = socket.socket()
    base = first.fileno()
    socks = [socket.socket() for _ in range(3)]
    show("in a row", lambda: [sock.fileno() - base for sock in socks])
    socks[1].close()
    show("closed", lambda: (socks[1].fileno(), repr(socks[1])))
    show("the lowest again", lambda: socket.socket().fileno() - base)
    copy = socks[0].dup()
    show("a copy", lambda: copy.fileno() > 0 and copy.getsockname())
    show("detached", lambda: copy.detach() > 0 and copy.fileno())
    show("after that", copy.getsockname)
    show("closed", socks[1].recv, 1)
    show("closed", socks[1].setsockopt, socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    show("bad number", lambda: socket.socket(fileno=9999))
    show("negative number", lambda: socket.socket(fileno=-1))
    sock = arrived(b"x")
    number = sock.fileno()
    show("select", lambda: select.select([number, sock], [number], [], 5) == ([number, sock], [number], []))
    show("poll", lambda: polled(number) == [(number, select.POLLIN)])
    copy = socket.socket(fileno=sock.dup().detach())
    show("a copy's name", lambda: copy.getsockname() == sock.getsockname())
    sock.close()
    show("which is open still", copy.recv, 1)
    copy.close()
    show("select what is closed", select.select, [number], [], [], 0)
    show("select a closed socket", select.select, [sock], [], [], 0)
    show("poll what is closed", lambda: polled(number) == [(number, select.POLLNVAL)])
    show("select nothing", select.select, [], [], [], 0.01)
    for what in ("x", None, 1.5):
        show("select %r" % (what,), select.select, [what], [], [], 0)
    show("negative", select.select, [-1], [], [], 0)
    poller = select.poll()
    show("modify nothing", poller.modify, base, 1)
    show("unregister nothing", poller.unregister, 7777)


def polled(number):
    poller = select.poll()
    poller.register(number, select.POLLIN)
    return poller.poll(5000)


def epolls():
    sock = arrived(b"x")
    epoll = select.epoll()
    show("register", epoll.register, sock.fileno(), select.EPOLLIN)
    show("register again", epoll.register, sock, select.EPOLLIN)
    show("poll", lambda: epoll.poll(5) == [(sock.fileno(), select.EPOLLIN)])
    show("modify", epoll.modify, sock, select.EPOLLOUT)
    show("poll", lambda: epoll.poll(5) == [(sock.fileno(), select.EPOLLOUT)])
    show("edge", epoll.modify, sock, select.EPOLLIN | select.EPOLLET)
    show("poll", lambda: len(epoll.poll(5)))
    show("poll", epoll.poll, 0.01)
    show("once", epoll.modify, sock, select.EPOLLIN | select.EPOLLONESHOT)
    show("poll", lambda: len(epoll.poll(5)))
    show("poll", epoll.poll, 0.01)
    show("none of them", epoll.poll, 0, 0)
    show("unregister", epoll.unregister, sock)
    show("unregister again", epoll.unregister, sock)
    show("modify", epoll.modify, sock, 1)
    epoll.register(sock, select.EPOLLIN)
    sock.close()
    show("closed", epoll.poll, 0)
    epoll.close()
    show("closed", lambda: epoll.closed)
    show("poll", epoll.poll, 0)


def times():
    sock = socket.socket()
    lock = threading.Lock()
    lock.acquire()
    event, semaphore = threading.Event(), threading.Semaphore(0)
    for name, value in (
        ("nan", float("nan")),
        ("inf", float("inf")),
        ("-inf", -float("inf")),
        ("1e300", float("1e300")),
        ("1e10", 1e10),
        ("2**63", 2**63),
        ("-2**70", -(2**70)),
        ("9223372037", 9223372037),
        ("-0.5", -0.5),
        ("-2", -2),
        ("text", "1"),
    ):
        show("sleep " + name, time.sleep, value)
        show("lock " + name, lock.acquire, True, value)
        show("lock, not blocking " + name, lock.acquire, False, value)
        show("select " + name, select.select, [], [], [], value)
        show("settimeout " + name, sock.settimeout, value)
        show("default " + name, socket.setdefaulttimeout, value)
        if name == "text":
            continue
        show("event " + name, event.wait, value)
        show("join " + name, joined, value)
        show("poll " + name, lambda: len(ready(select.poll(), sock).poll(value)))
        show("epoll " + name, lambda: len(ready(select.epoll(), sock).poll(value)))
        if name not in ("nan", "9223372037"):  # CPython takes a sum of floats, or waits without end
            show("semaphore " + name, semaphore.acquire, True, value)
        show("semaphore, not blocking " + name, semaphore.acquire, False, value)
    show("longest", lambda: threading.TIMEOUT_MAX)


def joined(timeout):
    thread = threading.Thread(target=time.sleep, args=(0.01,))
    thread.start()
    return thread.join(timeout)


def ready(poller, sock):
    poller.register(sock, select.POLLOUT)
    return poller


def main():
    for part in (
        lengths,
        receiving,
        datagrams,
        shutting,
        listening,
        connecting,
        addresses,
        options,
        numbers,
        epolls,
        times,
    ):
        print("--- %s" % part.__name__)
        part()
    print("--- end")


main()
