"""Unikraft applications under QEMU: their kernel command line, and where they can run."""

from pathlib import Path

from host.board import Board
from host.build import unikraft
from host.options import Options
from host.run import qemu
from host.run.guest import Attempt
from host.run.runner import Runner

# Unikraft's start code has instructions that KVM on a PVM host cannot emulate, so the guest hangs.
PVM = Path("/sys/module/kvm_pvm")


def arguments(options: Options) -> str:
    """Return the kernel command line. Words before `--` are for Unikraft, where a backslash escapes except
    between single quotes."""
    text, quote = "", ""
    for letter in qemu.image_arguments(options):
        if letter in "'\"" and quote in ("", letter):
            quote = "" if quote else letter
        text += "\\\\" if letter == "\\" and quote != "'" else letter
    return f"-- {text}".rstrip()


def kvm_obstacle() -> str:
    return "the KVM of a PVM host cannot run Unikraft" if PVM.exists() else ""


def ways(board: Board) -> dict[str, str]:
    """Return QEMU's accelerators; images can be built only where Unikraft is installed."""
    missing = unikraft.obstacle()
    known = qemu.ways(board)
    known["kvm"] = known["kvm"] or kvm_obstacle()
    return {name: missing or why for name, why in known.items()}


def attempts(board: Board, image: Path, options: Options) -> list[Attempt]:
    return qemu.attempts_with(board, image, options, ways(board), arguments)


RUNNER = Runner(ways, attempts, unikraft.check)
