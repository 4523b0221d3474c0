"""The child process of host/check/sim.py. `seeds.py FIRST COUNT` plays scenarios and writes a line of JSON
for each; `seeds.py SEED` plays one and prints its trace."""

import faulthandler
import json
import sys
import traceback
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS.parent / "stack"), str(TESTS), str(TESTS / "shims")]

from sim.hosts import World  # noqa: E402
from sim.play import play  # noqa: E402
from sim.scenario import draw  # noqa: E402

STUCK = 300  # seconds without an end, of one scenario


def failure(error: BaseException) -> str:
    """Return the error and its location."""
    at = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(at.filename).name}:{at.lineno}, {at.name})"


def answer(seed: int) -> dict:
    """Return the result of a scenario."""
    scenario = draw(seed)
    World.made.clear()
    try:
        return {"seed": seed, **vars(play(scenario))}
    except Exception as error:
        return {"seed": seed, "error": failure(error), "scenario": str(scenario)}


def show(seed: int) -> int:
    """Play one scenario; print the last frames and the traceback of a failure. SIM_TRACE=1 prints all
    frames."""
    scenario = draw(seed)
    print(scenario)
    try:
        outcome = play(scenario)
    except Exception:
        print(*World.made[-1].tail(), sep="\n", flush=True)
        traceback.print_exc()
        return 1
    print(f"{outcome.frames} frames in {outcome.time / 1000000:.1f} s", end="")
    print(", given up" if outcome.given_up else "")
    return 0


def main(first: str, count: str = "") -> int:
    """Parse the command line."""
    if not count:
        return show(int(first))
    for seed in range(int(first), int(first) + int(count)):
        faulthandler.dump_traceback_later(STUCK, exit=True)
        print(json.dumps(answer(seed)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
