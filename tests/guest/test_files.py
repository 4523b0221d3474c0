"""Files in memory, the environment, signals: the image's part is in files/main.py."""

from pathlib import Path

import pytest
import ways

from host.build import image
from host.options import Options
from host.run import launch

APPLICATION = Path(__file__).with_name("files")


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    image.build(APPLICATION)


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        ("environment '--env:NAME=two words' --env:MORE=1=2 x", 0, ["7000 two words 1=2 ['x']"]),
        ("--env:MORE environment", 2, ["--env:MORE: a name, = and a value are needed"]),
        ("fills_the_disk", 0, ["room True", "OSError 28 True", "again True"]),
        ("forgets_files", 0, ["19 True"]),
        ("stops", 7, []),
        ("is_ended", 143, ["Terminated"]),
    ],
)
def test_files(arguments: str, code: int, expected: list[str]) -> None:
    with launch.launch(APPLICATION, Options(arguments=ways.quiet(arguments))) as guest:
        got = guest.wait(timeout=60)
        console = guest.console.text.splitlines()
    assert (got, [line for line in console if line in expected]) == (code, expected), console
