"""A console without a reader, or with a slow one, stops the task that prints, not the network."""

import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from e2e import lab, peers

from host.run import launch
from host.run.guest import Guest

APPLICATION = Path(__file__).with_name("console")
LINES = 10_000
EXPECTED = [f"line {n} {'.' * (100 + n % 100)}" for n in range(LINES)] + ["all said"]
SIZE = sum(len(line) + 1 for line in EXPECTED)
DROPPED = re.compile(r"\[console: (\d+) bytes dropped\]")


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    lab.build(APPLICATION)


class Reader:
    """A reader of the launcher's output: stops after the first bytes until it is resumed."""

    def __init__(self) -> None:
        self.began, self.look = threading.Event(), threading.Event()

    def __call__(self, data: bytes) -> None:
        self.began.set()
        self.look.wait()


def booted(reader: Callable[[bytes], object], words: str, accelerator: str) -> Guest:
    options = lab.on_tap(words, accelerator=accelerator)
    return launch.launch(APPLICATION, options, lab.BOARD, reader)


def lines(guest: Guest) -> list[str]:
    return guest.console.text.replace("\r\n", "\n").splitlines()


def accounted(guest: Guest) -> int:
    """Return the bytes received, and those reported as dropped."""
    return sum(
        int(match[1]) if (match := DROPPED.fullmatch(line)) else len(line) + 1 for line in lines(guest)
    )


def unread(guest: Guest, reader: Reader) -> None:
    """Its network works while the console is full."""
    assert reader.began.wait(30)
    with peers.Pinger(lab.GUEST) as pinger:
        for _ in range(100):
            pinger.ping(56)
    assert guest.running


def test_who_prints_waits_for_the_reader(accelerator: str, tap0: str) -> None:
    assert SIZE > 1_500_000
    reader = Reader()
    with booted(reader, f"{LINES} stay", accelerator) as guest:
        try:
            unread(guest, reader)
        finally:
            reader.look.set()
        guest.wait_for("all said", timeout=120)
        assert lines(guest) == EXPECTED


def test_what_does_not_fit_is_dropped_where_that_is_asked_for(accelerator: str, tap0: str) -> None:
    reader = Reader()
    with booted(reader, f"--console=drop {LINES} stay", accelerator) as guest:
        try:
            unread(guest, reader)
        finally:
            reader.look.set()
        if lab.BOARD == "solo5-hvt" and guest.accelerator == "solo5-hvt":
            guest.wait_for(
                "all said"
            )  # of the output that an upstream tender has taken the launcher holds more than this
            return
        lab.eventually(lambda: accounted(guest) == SIZE, lambda: accounted(guest))
        text = [line for line in lines(guest) if line and not DROPPED.fullmatch(line)]
        assert text and set(text) < set(EXPECTED)


@pytest.mark.parametrize("option", ["wait", "drop"])
def test_the_last_words_of_a_program_arrive(accelerator: str, tap0: str, option: str) -> None:
    """The traceback follows all earlier output, with a slow reader."""
    slow = threading.Event()

    def read(_: bytes) -> None:
        slow.wait(0.02)

    with booted(read, f"--console={option} 3000 fault", accelerator) as guest:
        assert guest.wait(timeout=120) == 1
        assert lines(guest)[-1] == "ValueError: the last words"
        if option == "wait":
            assert lines(guest)[:3000] == EXPECTED[:3000]


def test_another_word_for_it_is_refused(tap0: str) -> None:
    with booted(lambda _: None, "--console=maybe 1", "") as guest:
        assert guest.wait(timeout=30) == 2
        assert "--console=maybe" in lines(guest)[-1]
