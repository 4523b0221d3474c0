"""Seeds for the simulated tests, and how to replay one that failed."""

import os

import pytest

from sim.hosts import World

SEEDS = 2  # default; a test module may set its own


def seeds(module) -> list[int]:
    """SIM_SEEDS=7 or 3-9, else as many as the module asks for."""
    first, dash, last = os.environ.get("SIM_SEEDS", "").partition("-")
    if first:
        return list(range(int(first), int(last if dash else first) + 1))
    return list(range(getattr(module, "SEEDS", SEEDS)))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        values = seeds(metafunc.module)
        metafunc.parametrize("seed", values, ids=[f"seed{value}" for value in values])


@pytest.fixture(autouse=True)
def fresh_worlds():
    World.made.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    report = yield
    if report.when == "call" and report.failed:
        tail = [line for world in World.made for line in world.tail()]
        report.sections.append(("last frames", "\n".join(tail)))
        replay = f"SIM_TRACE=1 .venv/bin/python -m pytest '{item.nodeid}'"
        report.sections.append(("replay", replay))
    return report
