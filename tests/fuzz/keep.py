"""Makes tests/fuzz/corpus. `keep.py ip FOLDER ...` takes the files of the folders and random ones from a
seed, the shortest first, and keeps each that reaches a step from line to line of mnet that none before it
reached."""

import hashlib
import importlib
import random
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent.parent / "stack"), str(HERE.parent), str(HERE.parent / "shims")]
DICE = 1000


def steps(target, data):
    """Return the (code, line, next line) that this input reaches."""
    reached = set()

    def tracer(frame, event, _argument):
        if "/mnet/" not in frame.f_code.co_filename or "/tests/" in frame.f_code.co_filename:
            return None
        code, last = frame.f_code, [0]

        def line(frame, event, _argument):
            reached.add((code, last[0], frame.f_lineno))
            last[0] = frame.f_lineno
            return line

        return line

    sys.settrace(tracer)
    try:
        target(data)
    finally:
        sys.settrace(None)
    return reached


def main(name, *folders):
    """Rewrite the corpus of one target."""
    target = importlib.import_module(f"fuzz.{name}").target
    corpus = HERE / "corpus" / name
    dice = random.Random(name)
    inputs = [path.read_bytes() for folder in (corpus, *map(Path, folders)) for path in folder.iterdir()]
    inputs += [dice.randbytes(dice.choice((4, 20, 60, 150))) for _ in range(DICE)]
    for path in corpus.iterdir():
        path.unlink()
    seen = set()
    for data in sorted(inputs, key=lambda data: (len(data), data)):
        reached = steps(target, data)
        if reached - seen:
            seen |= reached
            (corpus / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    print(f"{name}: {len(list(corpus.iterdir()))} inputs of {len(inputs)}, {len(seen)} steps")


main(*sys.argv[1:])
