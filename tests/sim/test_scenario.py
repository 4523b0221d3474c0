"""Scenarios drawn from seeds: every feature occurs, each scenario can be replayed, and errors are detected.
`invoke sim` plays thousands."""

from dataclasses import fields, replace

import pytest
from mnet.errors import ECONNRESET
from mnet.link.neighbors import Neighbor
from mnet.tcp import user
from mnet.tcp.output import output

from sim import offload, seeds
from sim.hosts import TSO
from sim.play import Play
from sim.scenario import End, Scenario, Way, draw
from sim.wire import Faults

QUIET = Scenario(1, left=End(size=200000), right=End(size=200000, rcv_buf=16384))


def run(stage):
    stage.begin()
    stage.until_the_end()
    return stage.judge()


def test_all_that_is_meant_to_occur_is_drawn():
    drawn = [draw(seed) for seed in range(2000)]
    parts = {
        Scenario: drawn,
        End: [end for each in drawn for end in (each.left, each.right)],
        Way: [way for each in drawn for way in (each.there, each.back)],
    }
    parts[Faults] = [way.faults for way in parts[Way]]
    for kind, found in parts.items():
        for each in fields(kind):
            assert len({getattr(part, each.name) for part in found}) > 1, f"{kind.__name__}.{each.name}"
    losses = [faults.loss for faults in parts[Faults]]
    assert 0.28 < max(losses) < 0.3 and 0.2 < losses.count(0) / len(losses) < 0.5


@pytest.mark.parametrize("number", [3, 8, 21])
def test_a_seed_is_always_the_same_story(number):
    stories = []
    for _ in range(2):
        stage = Play(draw(number))
        stage.world.frames = []
        stories.append((run(stage), stage.world.frames))
    assert stories[0] == stories[1]


def test_two_hundred_segments_at_least():
    for number in range(60):
        stage = Play(draw(number))
        assert run(stage).frames >= (20 if any(host.device.whole for host in stage.hosts) else 200), number


def test_the_description_names_what_is_unusual():
    there = Way(Faults(loss=0.25), mtu=1400)
    assert str(Scenario(1, six=True, there=there, left=End(features=TSO))).splitlines() == [
        "seed=1 six=True",
        "  left: features=4",
        "  right: ",
        "  there: loss=0.25 mtu=1400",
        "  back: ",
    ]


# Errors are detected


def forge(stage):
    """Change a byte of data in flight, with correct checksums."""
    stage.hosts[0].device.lane.rewrite = lambda frame: (
        offload.sum_again(frame[:-1] + b"?") if len(frame) > 1000 else frame
    )


def leak(stage):
    stage.hosts[1].tcp.memory.used += 1


def forget(stage):
    """Arm a deadline of an object that is in no table."""
    stack, now = stage.hosts[0].stack, stage.world.now
    stack.deadlines.arm(Neighbor(stack.interfaces[0].arp.neighbors, 0, now), now + 10**12)


def push(stage):
    """Send data beyond the window."""
    tcb = stage.users[0].tcb
    tcb.snd_wnd = tcb.cwnd = 1 << 20
    output(tcb, stage.world.now)


def reset(stage):
    user.abort(stage.users[1].tcb, stage.world.now)


def stray(stage):
    stage.hosts[0].stack.stats.drop("tcp_checksum")


@pytest.mark.parametrize(
    "sabotage,found",
    [
        (forge, "not what was sent"),
        (leak, "memory"),
        (forget, "a timer is left behind"),
        (push, "beyond the window"),
        (reset, rf"ended with \[{ECONNRESET}, "),
        (stray, "dropped without cause: {'tcp_checksum'}"),
    ],
)
def test_what_is_wrong_is_noticed(sabotage, found):
    stage = Play(QUIET)
    stage.world.at(stage.world.now + 30000, sabotage, stage)
    with pytest.raises(AssertionError, match=found):
        run(stage)


def test_a_failure_comes_with_its_scenario(monkeypatch):
    def broken(scenario):
        raise AssertionError("something is wrong")

    monkeypatch.setattr(seeds, "play", broken)
    answer = seeds.answer(5)
    assert answer["seed"] == 5 and answer["scenario"] == str(draw(5))
    assert "something is wrong" in answer["error"] and "test_scenario.py" in answer["error"]


def test_giving_up_is_allowed_where_the_wire_is_bad_only():
    for loss, fine in ((0.0, False), (0.2, True)):
        stage = Play(replace(QUIET, there=Way(Faults(loss=loss))))
        stage.begin()
        stage.world.run(lambda: stage.users[1])  # noqa: B023
        reset(stage)
        stage.until_the_end()
        if fine:
            assert stage.judge().given_up == 1
        else:
            pytest.raises(AssertionError, stage.judge)
