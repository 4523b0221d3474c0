"""python -m host.tender: solo5-hvt's command line and exit codes."""

import signal
import sys
from collections.abc import Sequence
from types import ModuleType

from host.errors import HostError, explain
from host.tender import command as commands
from host.tender.command import Command, UsageError
from host.tender.errors import GuestFault
from host.tender.machine import Machine

FAILED = 1  # as Solo5: for every failure that is not the guest's own status


def back_end(command: Command) -> ModuleType:
    """Return the accelerator asked for, or the first that works here."""
    from host.tender import emulator, kvm

    known = {"kvm": kvm, "unicorn": emulator}
    obstacles = []
    for name in [command.accelerator] if command.accelerator else known:
        obstacle: str = known[name].obstacle()
        if not obstacle:
            return known[name]
        obstacles.append(f"{name}: {obstacle}")
    raise HostError("; ".join(obstacles))


def run(command: Command) -> int:
    """Run the image to its end. Returns its status."""
    processor = back_end(command)
    with Machine(command) as machine:
        status: int = processor.run(machine)
    if command.status:
        command.status.write_text(f"exit {status}\n")
    return status & 0xFF


def main(words: Sequence[str]) -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if words and words[0] in ("--help", "-h"):
            print(commands.USAGE)
            return 0
        return run(commands.parse(words))
    except UsageError as error:
        print(f"tender: {error}\n{commands.USAGE}", file=sys.stderr)
    except GuestFault as error:
        print(f"tender: stopped the guest: {error}", file=sys.stderr)
    except HostError as error:
        print(f"tender: {error}", file=sys.stderr)
    except OSError as error:
        print(f"tender: {explain(error)}", file=sys.stderr)
    except KeyboardInterrupt:
        pass
    return FAILED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
