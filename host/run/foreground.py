"""`invoke run`: update an image, run it in the foreground, return its exit code."""

import os
import sys
from pathlib import Path

from host import board as boards
from host import unikernel
from host.build import image as images
from host.errors import HostError, LaunchError
from host.options import Options
from host.run.launch import launch


def show(data: bytes) -> None:
    """Write console output of a foreground guest. Nothing stays buffered when the reader is gone."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(sys.stdout.fileno(), rest) :]


def bring_up_to_date(name: str | Path, board_name: str) -> None:
    """Rebuild the image if its sources are newer. LaunchError if that fails."""
    try:
        if not images.is_current(unikernel.load(name), boards.load(board_name).name):
            images.build(name, board_name, sources_too=True)
    except LaunchError:
        raise
    except HostError as error:
        raise LaunchError(str(error)) from error


def run(name: str | Path, options: Options, board_name: str = boards.DEFAULT) -> int:
    """Run an image in the foreground, rebuilt if its sources are newer. Returns its exit code."""
    bring_up_to_date(name, board_name)
    with launch(name, options, board_name, show) as guest:
        return guest.wait()
