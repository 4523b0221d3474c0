"""Ctrl-C and other signals: no process and no tap is left, however a command ends."""

import os
import signal

import pytest
import ways
from e2e import command, lab, peers

from host.errors import HostError
from host.net import tap
from host.run import demo

ENDINGS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
INTERRUPTED = 130


@pytest.fixture
def named_namespaces(namespace: object) -> None:
    """Skipped where none can be made, or where another demonstration runs."""
    probe = f"pymnet-{os.getpid()}"
    try:
        tap.ip("netns", "add", probe)
        tap.ip("netns", "delete", probe)
    except HostError as error:
        pytest.skip(f"no named namespaces: {error}")
    if demo.NAMESPACE in tap.ip("netns", "list").split():
        pytest.skip(f"the namespace {demo.NAMESPACE} is in use: a demonstration runs on this machine")


def assert_gone(running: command.Running) -> None:
    lab.eventually(lambda: not running.left(), f"no process left of {running.left()}")


def links() -> list[str]:
    return [line.split()[0] for line in tap.ip("-brief", "link").splitlines()]


@pytest.mark.parametrize("ending", ENDINGS)
def test_run_on_a_tap(tap0: str, ending: signal.Signals) -> None:
    before = links()
    with command.running(*command.run_echo("--pcap", "/dev/null")) as running:
        running.wait_for(lab.READY)
        assert any(ways.is_runner(name) for name in running.left().values())
        running.signal(ending)
        assert running.wait() == INTERRUPTED
        assert_gone(running)
        assert "Traceback" not in running.console.text
    assert links() == before
    with lab.server("server"):  # the tap is free again
        peers.converse(lab.GUEST, lab.PORT, 1000)


@ways.needs_user_network
@pytest.mark.parametrize("ending", ENDINGS)
def test_the_demonstration(namespace: object, ending: signal.Signals) -> None:
    """The processes of `make run`."""
    with command.running("demo") as running:
        running.wait_for(lab.READY)
        peers.converse("127.0.0.1", lab.PORT, 100_000)
        running.signal(ending)
        assert running.wait() == INTERRUPTED
        assert_gone(running)


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_demonstration_on_a_tap(named_namespaces: None, ending: signal.Signals) -> None:
    before = links()
    with command.running("demo", "--net", "tap") as running:
        running.wait_for(lab.READY)
        inside = ["ip", "netns", "exec", demo.NAMESPACE]
        assert f"{' '.join(inside)} ping {demo.GUEST_ADDRESS}" in running.console.text
        assert tap.ip("netns", "exec", demo.NAMESPACE, "ping", "-c", "1", "-W", "30", demo.GUEST_ADDRESS)
        running.signal(ending)
        assert running.wait() == INTERRUPTED
        assert_gone(running)
    assert demo.NAMESPACE not in tap.ip("netns", "list").split()
    assert links() == before


def test_a_command_that_is_killed_takes_its_guest_along(tap0: str) -> None:
    with command.running(*command.run_echo()) as running:
        running.wait_for(lab.READY)
        os.kill(running.process.pid, signal.SIGKILL)
        assert_gone(running)
