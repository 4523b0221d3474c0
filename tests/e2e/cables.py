"""An impaired link between Linux and a guest, or between two guests."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from e2e import lab

from host.net import tap
from host.net.wire import Faults, Wire, wire


@contextmanager
def cable(faults: Faults, seed: int, *ends: str) -> Iterator[Wire]:
    """A wire between taps "near" and "far", each bridged to one of `ends`, or to the host where that is "".
    The guest's tap is held open by its runner, so the wire has taps of its own."""
    with ExitStack() as stack:
        for name, end in zip(("near", "far"), ends, strict=True):
            stack.enter_context(tap.tap(name))
            addresses = () if end else lab.HOSTS
            ports = [name] + ([stack.enter_context(tap.tap(end))] if end else [])
            stack.enter_context(tap.bridge(f"br-{name}", *ports, addresses=addresses))
        joined = stack.enter_context(wire("near", "far", faults, seed))
        yield joined
        print(f"--- cable: {dict(joined.counts)}")
