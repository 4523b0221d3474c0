"""The linters: Python, C, the frozen dialect, the layers, the wording. All run, all complaints are shown."""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from host.build import micropython
from host.build.modules import Module, compile_all
from host.check import wording
from host.paths import PORT, ROOT, STACK, UNIKERNELS, VENV, shown
from host.proc import build_env
from host.report import say

BIN = VENV / "bin"
PYTHON_TOOLS = ["ruff check .", "ruff format --check .", "mypy"]
CPPCHECK = [
    "cppcheck",
    "--quiet",
    "--std=c11",
    "--enable=warning,performance,portability",
    "--inline-suppr",
    "--error-exitcode=1",
]


def c_files(folder: Path, *suffixes: str) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in sorted(folder.rglob("*")) if path.suffix in suffixes]


def command(*argv: str) -> str:
    """Run a linter in the root folder. Returns its complaints, or nothing."""
    done = subprocess.run(
        argv, cwd=ROOT, env=build_env(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    return (
        "" if done.returncode == 0 else (done.stdout + done.stderr).strip() or f"exit code {done.returncode}"
    )


def python_tool(line: str) -> Callable[[], str]:
    tool, *arguments = line.split()
    return lambda: command(str(BIN / tool), *arguments)


def clang_format() -> str:
    files = c_files(PORT, ".c", ".h") + c_files(ROOT / "tests", ".c", ".h")
    return command(str(BIN / "clang-format"), "--dry-run", "--Werror", *files) if files else ""


def cppcheck() -> str:
    files = c_files(PORT, ".c")
    return command(*CPPCHECK, f"-I{PORT}", *files) if files else ""


def dialect() -> str:
    """Compile everything that may be frozen for MicroPython."""
    cross = micropython.mpy_cross()
    sources = sorted([*STACK.rglob("*.py"), *UNIKERNELS.rglob("*.py")])
    with tempfile.TemporaryDirectory() as folder:
        pairs = [(Module(shown(each), each), Path(folder) / f"{n}.mpy") for n, each in enumerate(sources)]
        return "\n".join(map(str, compile_all(pairs, cross).values()))


def layers() -> str:
    return command(sys.executable, "-m", "pytest", "-q", "tests/host/test_layering.py")


CHECKS: dict[str, Callable[[], str]] = {line: python_tool(line) for line in PYTHON_TOOLS} | {
    "clang-format": clang_format,
    "cppcheck": cppcheck,
    "mpy-cross": dialect,
    "layers": layers,
    "wording": wording.check,
}


def run() -> int:
    """Run all linters. Returns how many complained."""
    failed = 0
    for name, check in CHECKS.items():
        complaint = check()
        say(f"{name}: {'wrong' if complaint else 'right'}")
        if complaint:
            failed += 1
            print(complaint, flush=True)
    return failed
