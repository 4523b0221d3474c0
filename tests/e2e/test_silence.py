"""An unresponsive peer, and keep-alive, which detects it."""

import socket
from contextlib import ExitStack

import pytest
from e2e import lab, peers, remote

from host.net import netns, tap

PORT = 7200
OPTIONS = {"TCP_KEEPIDLE": 1, "TCP_KEEPINTVL": 1, "TCP_KEEPCNT": 2}  # seconds, seconds, times


def keep_alive(agent: remote.Remote, number: int) -> None:
    agent.do("setsockopt", socket=number, level="SOL_SOCKET", option="SO_KEEPALIVE", value=1)
    for option, value in OPTIONS.items():
        agent.do("setsockopt", socket=number, level="IPPROTO_TCP", option=option, value=value)


def test_keep_alive(namespace: netns.Namespace) -> None:
    """RFC 9293 3.8.4: probes are answered without an effect until the link is down. Then a socket with
    keep-alive gets an error, and one without waits."""
    with remote.dual_guest() as agent, ExitStack() as stack:
        connections = [stack.enter_context(remote.connected(agent, each, PORT)) for each in lab.BOTH]
        forgotten = stack.enter_context(remote.connected(agent, lab.GUEST, PORT))
        waiting = [agent.begin("recv", socket=number) for _, _, number in (*connections, forgotten)]
        heard = [peers.segments(sock).into for _, sock, _ in connections]
        for each in connections:
            keep_alive(agent, each.number)

        def probed() -> bool:
            now = [peers.segments(sock).into for _, sock, _ in connections]
            return all(then + 2 <= count for then, count in zip(heard, now, strict=True))

        lab.eventually(probed, "two probes on each")
        agent.do("stats")  # earlier probes were answered by now
        assert agent.replies == {}
        tap.ip("link", "set", "tap0", "down")
        for number in waiting[:2]:
            with pytest.raises(TimeoutError):
                agent.end(number)
        agent.do("stats")
        assert agent.replies == {}
        for _, sock, _ in (*connections, forgotten):  # their FINs would have to wait for the link
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, bytes((1, 0, 0, 0, 0, 0, 0, 0)))
