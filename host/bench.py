"""Benchmarks of images beside their peers: `invoke bench`."""

from host.errors import HostError


def run() -> None:
    """Measure and write docs/performance.md."""
    raise HostError("there are no benchmarks yet")
