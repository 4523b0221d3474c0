"""The child of host/check/fuzz.py.

`run.py ip FILE ...` replays files; `run.py ip --fuzz ARGUMENTS` is libFuzzer with the coverage of atheris.
"""

import importlib
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS.parent / "stack"), str(TESTS), str(TESTS / "shims")]


def main(name, *arguments):
    """Load the target and run it."""
    if arguments[0] != "--fuzz":
        target = importlib.import_module(f"fuzz.{name}").target
        for path in arguments:
            target(Path(path).read_bytes())
        return
    import atheris  # not needed for a replay

    with atheris.instrument_imports(include=["mnet"], exclude=["mnet.wire.pure"]):
        target = importlib.import_module(f"fuzz.{name}").target
    from mnet.wire.pure import Segment  # of the primitives only what decides: the others run in every line

    for each in (Segment.parse, Segment.parse_tcp):
        setattr(Segment, each.__name__, atheris.instrument_func(each))
    atheris.Setup([name, *arguments[1:]], target)
    atheris.Fuzz()


main(*sys.argv[1:])
