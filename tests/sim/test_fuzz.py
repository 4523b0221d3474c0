"""Replay the corpora of the fuzzer and inputs that once crashed the stack, through its targets, without
atheris."""

from pathlib import Path

import pytest
from fuzz import ip, tcp

FOLDER = Path(__file__).parent.parent / "fuzz"


@pytest.mark.parametrize("target", (ip, tcp), ids=("ip", "tcp"))
def test_corpus(target):
    name = target.__name__.split(".")[-1]
    files = [*(FOLDER / "corpus" / name).iterdir(), *(FOLDER / "crashes").glob(f"{name}-*")]
    assert len(files) > 20
    for path in sorted(files):
        try:
            target.target(path.read_bytes())
        except Exception as error:
            error.add_note(f"replay: invoke fuzz {name} --replay {path}")
            raise
