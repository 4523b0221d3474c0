"""`invoke run`: update an image, run it in the foreground, return its exit code."""

import os
import sys
import time
from pathlib import Path

from host import board as boards
from host import unikernel
from host.build import current
from host.errors import HostError, LaunchError
from host.options import Options
from host.report import say
from host.run.guest import Guest
from host.run.launch import launch

LOOK = 0.25  # seconds between two looks at the sources


def show(data: bytes) -> None:
    """Write console output of a foreground guest. Nothing stays buffered when the reader is gone."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(sys.stdout.fileno(), rest) :]


def bring_up_to_date(name: str | Path, board_name: str) -> None:
    """Rebuild the image if its sources are newer. LaunchError if that fails."""
    try:
        if not current.is_current(unikernel.load(name), boards.load(board_name).name):
            from host.build import image  # takes half a second

            image.build(name, board_name, sources_too=True)
    except LaunchError:
        raise
    except HostError as error:
        raise LaunchError(str(error)) from error


def look(name: str | Path) -> list[str]:
    """Return names and times of the user's files, or what is wrong with them."""
    try:
        return current.of_the_user(unikernel.load(name))
    except (HostError, OSError) as error:
        return [str(error)]


def outcome(guest: Guest) -> str:
    try:
        return f"ended with code {guest.wait()}"
    except LaunchError as error:
        return str(error)


def watch(name: str | Path, options: Options, board_name: str = boards.DEFAULT) -> int:
    """Run an image, and after each change of its sources build it again and start it again. While a build
    fails the last image goes on. Ends with Ctrl-C."""
    guest = None
    try:
        while True:
            seen = look(name)
            try:
                bring_up_to_date(name, board_name)
            except LaunchError as error:
                say(f"run: {error}")
            else:
                if guest is not None:
                    guest.kill()
                    say("run: starting again")
                guest = launch(name, options, board_name, show).start()
            ended = False
            while look(name) == seen:
                time.sleep(LOOK)
                if guest is not None and not guest.running and not ended:
                    ended = True
                    say(f"run: {outcome(guest)}; a change starts it again")
    finally:
        if guest is not None:
            guest.kill()


def run(name: str | Path, options: Options, board_name: str = boards.DEFAULT) -> int:
    """Run an image in the foreground, rebuilt if its sources are newer. Returns its exit code."""
    bring_up_to_date(name, board_name)
    with launch(name, options, board_name, show) as guest:
        return guest.wait()
