"""The time at which a runner enters its guest: tests/bench/entry.c, preloaded into the runner, records it."""

import os
import struct
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from host.bench.load import compiled
from host.paths import ROOT

SOURCE = ROOT / "tests" / "bench" / "entry.c"
NANOSECONDS = struct.Struct("=Q")
VARIABLES = ("LD_PRELOAD", "PYMNET_ENTRY")


def build() -> Path:
    return compiled(SOURCE, "entry.so", "-shared", "-fPIC")


@contextmanager
def noted() -> Iterator[Callable[[], float | None]]:
    """Record when a process started inside the block enters its guest. The yielded function returns
    time.monotonic(), None if it was not seen."""
    before = {name: os.environ.get(name) for name in VARIABLES}
    with tempfile.NamedTemporaryFile() as file:
        file.write(NANOSECONDS.pack(0))
        file.flush()

        def entered() -> float | None:
            (time,) = NANOSECONDS.unpack(Path(file.name).read_bytes())
            return time / 1e9 if time else None

        os.environ.update(zip(VARIABLES, (str(build()), file.name), strict=True))
        try:
            yield entered
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
