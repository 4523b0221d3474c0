"""pip, choosing for an image instead of for this machine: a script, run with pip's arguments.

pip takes the tags of wheels from options, but evaluates markers for the Python that runs it, and refuses
source archives together with those options; so this sets both inside pip (docs/adr/0027)."""

import sys
from pathlib import Path


def choose_for_the_guest() -> None:
    from pip._internal.cli import cmdoptions
    from pip._internal.models import target_python
    from pip._vendor.packaging import markers, tags

    from host.build.packages import guest

    usable = [tags.Tag(*each) for each in guest.tags()]
    markers.default_environment = lambda: dict(guest.GUEST)
    target_python.__dict__["get_supported"] = lambda *_args, **_options: usable
    cmdoptions.check_dist_restriction = lambda *_args, **_options: None


if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[3])
    choose_for_the_guest()
    from pip._internal.cli.main import main

    sys.exit(main(sys.argv[1:]))
