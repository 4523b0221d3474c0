"""Other threads and the network continue while a thread computes, in an image with preemption. The cases are
in preemption/main.py."""

from pathlib import Path

import pytest
import ways

from host.build import image
from host.options import Net, Options
from host.run import launch

pytestmark = ways.needs_user_network

APPLICATION = Path(__file__).with_name("preemption")


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    image.build(APPLICATION)


@pytest.mark.parametrize(
    ("case", "printed"),
    [
        ("all_have_their_turn", "slept True 0.005"),
        ("without_loops", "slept"),
        ("in_the_library", "slept"),
        ("the_network_goes_on", "echoed 10"),
        ("imports_are_whole", "ready [True, True, True]"),
        ("the_library_is_whole", "taken True"),
        ("switched_off", "ran 0"),
    ],
)
def test_a_thread_that_computes(case: str, printed: str) -> None:
    arguments = ways.quiet(f"--watchdog=0 {case}")
    with launch.launch(APPLICATION, Options(nets=(Net("service"),), arguments=arguments)) as guest:
        ended = guest.wait(timeout=60)
        text = guest.console.text.replace("\r\n", "\n")
    assert ended == 0, text
    assert text.splitlines()[-1] == printed, text
