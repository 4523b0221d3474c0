"""Booted images on taps; each test has its own network namespace, which is removed with it."""

from collections.abc import Iterator

import pytest
import ways
from e2e import lab, remote

from host.net import netns, tap
from host.run.guest import Guest


@pytest.fixture(scope="session")
def network_obstacle() -> str:
    return netns.obstacle()


@pytest.fixture(scope="session", autouse=True)
def built() -> None:
    ways.skip_if_none()
    for name in ("hello", "echo", lab.PROBE):
        lab.build(name)


@pytest.fixture
def namespace(network_obstacle: str) -> Iterator[netns.Namespace]:
    """The network namespace of this test and its children; skipped where none can be made."""
    if network_obstacle:
        pytest.skip(network_obstacle)
    with netns.Namespace() as space:
        yield space


@pytest.fixture
def tap0(namespace: netns.Namespace) -> Iterator[str]:
    """A tap with the host's address on it."""
    with tap.tap("tap0", f"{lab.HOST}/24") as name:
        yield name


@pytest.fixture
def echo(tap0: str) -> Iterator[Guest]:
    """The echo server, with --inetd, at lab.GUEST."""
    with lab.server("server --inetd") as guest:
        yield guest


@pytest.fixture
def probe(tap0: str) -> Iterator[Guest]:
    """The image of the tests (tests/e2e/probe): echo services, and reports of its own state."""
    with lab.server(name=lab.PROBE) as guest:
        yield guest


@pytest.fixture(scope="module")
def dual(network_obstacle: str) -> Iterator[Guest]:
    """The same with both families, at lab.BOTH, for all tests of a module that leave it unchanged."""
    if network_obstacle:
        pytest.skip(network_obstacle)
    with netns.Namespace(), tap.tap("tap0", *lab.HOSTS):
        with lab.server(f"--ipv6={lab.GUEST6}/64", name=lab.PROBE) as guest:
            yield guest


@pytest.fixture(scope="module")
def dual_agent(network_obstacle: str) -> Iterator[remote.Remote]:
    """An agent in an image with both families, for all tests of a module."""
    if network_obstacle:
        pytest.skip(network_obstacle)
    lab.build("agent")
    with netns.Namespace(), remote.dual_guest() as found:
        yield found


@pytest.fixture(params=lab.BOTH)
def agent_connection(
    dual_agent: remote.Remote, request: pytest.FixtureRequest
) -> Iterator[remote.Connection]:
    """A connection from this host to that agent, on each family."""
    with remote.connected(dual_agent, request.param, 7100) as found:
        yield found


@pytest.fixture(params=[name for name in ways.WAYS if name != ways.EMULATOR])
def accelerator(request: pytest.FixtureRequest) -> str:
    return ways.usable(request.param)
