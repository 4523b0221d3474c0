"""Router discovery: solicitation, choice between two routers, detection of a dead one."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from e2e import elsewhere, lab, peers, radvd, remote, routers
from e2e.ear import Ear
from scapy.layers.inet import TCP
from scapy.layers.inet6 import ICMPv6ND_NS, ICMPv6ND_RA, ICMPv6ND_RS, ICMPv6NDOptSrcLLAddr, IPv6

from host.net import netns, tap
from host.options import Net, Options

MAC = "52:54:00:00:00:02"
MINE = "fd01::5054:ff:fe00:2"
LINK_LOCAL = "fe80::5054:ff:fe00:2"
FAR, PORT = "2001:db8::9", 7000


# Solicitations


def alone() -> Options:
    return Options(nets=(Net("service", "tap0", mac=MAC),), arguments="server")


@pytest.fixture
def link(tap0: str) -> Iterator[routers.Link]:
    for address in ("fe80::1/64", "fd01::1/64"):
        tap.ip("address", "add", address, "dev", tap0, "nodad")
    with routers.link(tap0) as made:
        yield made


def test_a_guest_asks_and_radvd_answers(link: routers.Link, tmp_path: Path) -> None:  # ND-6
    """This daemon sends no unsolicited advertisement, and cannot answer the first solicitation, whose
    source is unspecified."""
    elsewhere.forward()
    with radvd.running(tmp_path) as daemon, Ear("tap0") as ear:
        daemon.say(f"UnicastOnly on; {radvd.prefix('fd01::')}")
        with lab.booted(alone()) as guest:
            guest.wait_for(lab.READY)
            question = ear.hear(ICMPv6ND_RS)
            assert ear.hear(ICMPv6ND_RA, ours=True)[IPv6].dst == LINK_LOCAL
            lab.eventually(lambda: answers(MINE), "an address of the router's prefix")
    assert (question.dst, question[IPv6].dst, question[IPv6].hlim) == ("33:33:00:00:00:02", "ff02::2", 255)
    assert question[IPv6].src == "::" and ICMPv6NDOptSrcLLAddr not in question  # RFC 4429 3.2: not yet


def test_it_asks_three_times_and_then_says_where_it_is(link: routers.Link) -> None:  # ND-6
    with lab.booted(alone()):
        questions = [link.expect(lambda frame: ICMPv6ND_RS in frame) for _ in range(3)]
    assert [each[IPv6].src for each in questions] == ["::", LINK_LOCAL, LINK_LOCAL]
    assert [each[ICMPv6NDOptSrcLLAddr].lladdr for each in questions[1:]] == [MAC, MAC]


def answers(address: str) -> bool:
    """Whether a connection opens."""
    try:
        peers.connect(address, lab.PORT, 2).close()
    except OSError:
        return False
    return True


# Two routers


@dataclass
class Choice:
    """The guest on a bridge with two routers, both with a route to FAR; replies return by the second."""

    guest: remote.Remote
    daemons: list[tuple[radvd.Radvd, netns.Beside]]
    far: netns.Beside

    def advertise(self, *preferences: str) -> None:
        for (daemon, router), preference in zip(self.daemons, preferences, strict=True):
            with router.inside():
                daemon.say(
                    f"AdvDefaultPreference {preference}; AdvReachableTime 1000; {radvd.prefix('fd01::')}"
                )

    def port(self, sock: int) -> int:
        return int(self.guest.do("names", socket=sock)["local"][1])

    def router(self, ear: Ear) -> str:
        """Return the destination MAC of a new connection."""
        sock = self.connect()
        frame = ear.hear(TCP, sport=self.port(sock))
        self.guest.do("close", socket=sock)
        return str(frame.dst)

    def connect(self) -> int:
        """A connection from the guest to FAR."""
        sock = self.guest.socket("AF_INET6")
        self.guest.do("settimeout", socket=sock, seconds=peers.TIMEOUT)
        self.guest.do("connect", socket=sock, address=(FAR, PORT))
        return sock


@pytest.fixture
def choice(namespace: netns.Namespace, tmp_path: Path) -> Iterator[Choice]:
    lab.build("agent")
    with ExitStack() as stack:
        far = stack.enter_context(netns.Beside())
        daemons = []
        for number in ("1", "2"):
            router = stack.enter_context(netns.Beside())
            elsewhere.cable(f"lan{number}", "lan", router)
            elsewhere.bring_up(f"lan{number}")
            with router.inside():
                elsewhere.cable("out", f"r{number}", far)
                elsewhere.bring_up("lan", f"fd01::{number}/64", f"fe80::{number}/64")
                elsewhere.bring_up("out", "fe80::1/64")
                tap.ip("route", "add", f"{FAR}/128", "via", "fe80::2", "dev", "out")
                elsewhere.forward()
            with far.inside():
                elsewhere.bring_up(f"r{number}", "fe80::2/64")
            folder = tmp_path / number
            folder.mkdir()
            daemons.append((stack.enter_context(radvd.running(folder, "lan")), router))
        with far.inside():
            elsewhere.bring_up("lo", f"{FAR}/128")
            tap.ip("route", "add", "default", "via", "fe80::1", "dev", "r2")
        guest = stack.enter_context(remote.guest())
        stack.enter_context(tap.bridge("br0", "tap0", "lan1", "lan2"))
        yield Choice(guest, daemons, far)


def test_preferences_and_a_router_that_dies(choice: Choice) -> None:  # ND-7
    """RFC 4191 3.2: the preferred router is used; RFC 4861 7.3.3: an unreachable one is replaced, for open
    connections too."""
    with choice.far.inside():
        listener = socket.create_server((FAR, PORT), family=socket.AF_INET6)
    with listener, Ear("tap0") as ear:
        listener.settimeout(peers.TIMEOUT)
        choice.advertise("low", "high")
        macs: dict[str, str] = {}
        while len(macs) < 2:
            spoken = ear.hear(ICMPv6ND_RA, ours=True)
            macs[spoken[IPv6].src] = spoken.src
        first, second = macs["fe80::1"], macs["fe80::2"]
        lab.eventually(lambda: choice.router(ear) == second, "the preferred router is taken")
        choice.advertise("high", "low")
        lab.eventually(lambda: choice.router(ear) == first, "now the other one is")
        sock = choice.connect()
        connection = accepted(listener, choice.port(sock))
        tap.ip("link", "set", "lan1", "down")
        ear.forget()
        with connection:
            choice.guest.send(sock, b"nobody takes this")
            assert connection.recv(100) == b"nobody takes this"
            connection.sendall(b"somebody did")
            assert choice.guest.recv(sock) == b"somebody did"
        assert questions_before_the_turn(ear, first, second) in (2, 3)  # one may have been sent before


def accepted(listener: socket.socket, port: int) -> socket.socket:
    """Return the connection from this port; others that were tried are closed."""
    while True:
        connection, address = listener.accept()
        if address[1] == port:
            connection.settimeout(peers.TIMEOUT * 2)
            return connection
        connection.close()


def questions_before_the_turn(ear: Ear, first: str, second: str) -> int:
    """Return how often the dead router was probed at its MAC until data went to the other (7.3.3)."""
    asked = 0
    while not ((frame := ear.hear(IPv6)).dst == second and TCP in frame):
        asked += frame.dst == first and ICMPv6ND_NS in frame
    return asked
