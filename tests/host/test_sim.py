"""Thousands of scenarios: batches, sums, and failures with the command that replays them."""

from pathlib import Path

import pytest

from host.check import sim, tiers
from host.errors import HostError

PLAYER = """\
import json, sys
first, count = map(int, sys.argv[1:])
for seed in range(first, first + count):
    if seed == {dies}:
        sys.exit(3)
    bad = {{"error": "it is broken", "scenario": "loss=0.1"}}
    good = {{"frames": 10, "time": 36 * 10**7, "given_up": int(seed == 1)}}
    print(json.dumps({{"seed": seed, **(bad if seed in {fails} else good)}}))
"""


@pytest.fixture
def player(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(sim, "PLAYER", tmp_path / "player.py")
    monkeypatch.setattr(sim, "BATCH", 7)
    return tmp_path / "player.py"


def test_sums(player: Path, capfd: pytest.CaptureFixture[str]) -> None:
    player.write_text(PLAYER.format(fails=[], dies=-1))
    assert sim.run(0, 30, -1) == 0
    said = capfd.readouterr().out
    assert said.startswith("30 seeds, 300 frames, 3.0 virtual hours, 1 given up as they may, 0 failed (")


def test_a_failure_names_the_line_that_replays_it(player: Path, capfd: pytest.CaptureFixture[str]) -> None:
    player.write_text(PLAYER.format(fails=[102, 118], dies=-1))
    assert sim.run(100, 20, -1) == 1
    said = capfd.readouterr().out.splitlines()
    assert said[:2] == ["seed 102: it is broken", "loss=0.1"]
    assert said[2] == "replay: SIM_TRACE=1 invoke sim --seed 102" and "--seed 118" in said[5]
    assert said[-1].startswith("20 seeds, 180 frames") and ", 2 failed" in said[-1]


def test_a_player_that_dies_is_a_failure_of_its_seed(player: Path, capfd: pytest.CaptureFixture[str]) -> None:
    player.write_text(PLAYER.format(fails=[], dies=3))
    assert sim.run(0, 7, -1) == 1
    assert "seed 3: its player ended with 3" in capfd.readouterr().out


def test_one_seed_is_played_alone(player: Path) -> None:
    player.write_text("import sys\nsys.exit(int(sys.argv[1:] == ['4711']))\n")
    assert sim.run(0, 1000, 4711) == 1 and sim.run(0, 1000, 12) == 0


@pytest.mark.parametrize("first,count", [(0, 0), (-1, 5)])
def test_no_seeds_at_all(first: int, count: int) -> None:
    with pytest.raises(HostError, match="seeds are numbers from 0 on"):
        sim.run(first, count, -1)


def test_the_tier_counts_seeds(player: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiers, "SEEDS", 10)
    player.write_text(PLAYER.format(fails=[4], dies=-1))
    result = tiers.run_tier("seeds")
    assert (result.passed, result.failed) == (9, 1)


def test_the_true_player() -> None:
    tally = sim.play(0, 3)
    assert tally.seeds == 3 and tally.frames > 300 and not tally.failures
