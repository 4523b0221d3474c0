"""Multicast groups, with Linux's bridge as the snooping switch and querier."""

import json
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from e2e import elsewhere, lab, remote
from e2e.ear import Ear
from scapy.layers.inet import IP
from scapy.layers.inet6 import ICMPv6MLDMultAddrRec, ICMPv6MLReport, ICMPv6MLReport2
from scapy.packet import Packet

from host.net import netns, tap

PORT = 5000
SNOOPING = (
    "mcast_snooping 1 mcast_querier 1 mcast_query_response_interval 50 "
    "mcast_query_interval 100 mcast_startup_query_interval 100"  # hundredths of a second
)
OLDER, NEWER = "mcast_igmp_version 2 mcast_mld_version 1", "mcast_igmp_version 3 mcast_mld_version 2"
CURRENT_STATE = 2  # MODE_IS_EXCLUDE, RFC 3376 4.2.12: of an answer to a query


@dataclass(frozen=True)
class Family:
    name: str
    number: socket.AddressFamily
    group: str
    level: str
    join: str
    leave: str

    @property
    def membership(self) -> str:
        """The group, on the default interface (struct ip_mreq)."""
        return (socket.inet_pton(self.number, self.group) + bytes(4)).hex()


FOUR = Family("AF_INET", socket.AF_INET, "239.7.7.7", "IPPROTO_IP", "IP_ADD_MEMBERSHIP", "IP_DROP_MEMBERSHIP")
SIX = Family(
    "AF_INET6", socket.AF_INET6, "ff15::7:7:7", "IPPROTO_IPV6", "IPV6_JOIN_GROUP", "IPV6_LEAVE_GROUP"
)


@pytest.fixture
def guest(namespace: netns.Namespace) -> Iterator[remote.Remote]:
    """A guest on a bridge that forwards a group only to ports with a report."""
    lab.build("agent")
    with remote.guest() as agent, tap.bridge("br0", "tap0"):
        elsewhere.bring_up("br0", f"{lab.HOST}/24", "fe80::b/64")
        yield agent


def members() -> set[tuple[str, str]]:
    """Return (port, group) of the bridge's table."""
    shown = subprocess.run(
        ["bridge", "-json", "mdb", "show", "dev", "br0"], capture_output=True, text=True, check=True
    )
    return {(each["port"], each["grp"]) for each in json.loads(shown.stdout)[0]["mdb"]}


def records(report: ICMPv6MLReport2) -> list[tuple[int, str]]:
    """Return (type, group) of each record: Scapy lists the first, and each further one is the payload of
    one."""
    layers = [layer for first in report.records for layer in first.iterpayloads()]
    return [(each.rtype, each.dst) for each in layers if isinstance(each, ICMPv6MLDMultAddrRec)]


def hear_an_answer(ear: Ear, family: Family, older: bool) -> None:
    """Wait until the guest reports the group in reply to a query."""
    if family is FOUR:
        group = socket.inet_aton(family.group)

        def answers(frame: Packet) -> bool:
            message = bytes(frame[IP].payload)
            if older:
                return message[0] == 0x16 and message[4:8] == group
            return message[0] == 0x22 and message[8] == CURRENT_STATE and message[12:16] == group

        ear.hear(IP, proto=2, wanted=answers)
    elif older:
        ear.hear(ICMPv6MLReport, mladdr=family.group)
    else:
        ear.hear(
            ICMPv6MLReport2,
            wanted=lambda frame: (CURRENT_STATE, family.group) in records(frame[ICMPv6MLReport2]),
        )


@pytest.mark.parametrize("family", [FOUR, SIX], ids=["ipv4", "ipv6"])
@pytest.mark.parametrize("older", [True, False], ids=["older", "newer"])
def test_the_bridge_reads_reports_and_asks_again(
    guest: remote.Remote, family: Family, older: bool
) -> None:  # MLD-1
    """Its queries of IPv4 come from 0.0.0.0 (RFC 4541 2.1.1)."""
    for words in (OLDER if older else NEWER, SNOOPING):  # hosts remember an older querier
        tap.ip("link", "set", "br0", "type", "bridge", *words.split())
    sock = guest.socket(family.name, "SOCK_DGRAM")
    guest.do("bind", socket=sock, address=("::" if family is SIX else "0.0.0.0", PORT))
    guest.do("settimeout", socket=sock, seconds=20)
    membership = {"socket": sock, "level": family.level, "value": family.membership}
    with Ear("tap0") as ear, socket.socket(family.number, socket.SOCK_DGRAM) as sender:
        guest.do("setsockopt", option=family.join, **membership)
        lab.eventually(lambda: ("tap0", family.group) in members(), "the bridge knows")
        ear.forget()
        hear_an_answer(ear, family, older)
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"br0")
        sender.sendto(b"to the group", (family.group, PORT))
        assert guest.recv(sock) == b"to the group"
        guest.do("setsockopt", option=family.leave, **membership)
        lab.eventually(lambda: ("tap0", family.group) not in members(), "it has left")
