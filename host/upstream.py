"""MicroPython's own test suite on its unix build with our patches and C modules."""

import subprocess
import sys

from host import micropython
from host.errors import HostError
from host.paths import BUILD
from host.proc import build_env

SUITES = ["basics", "float", "micropython", "stress"]
RESULTS = BUILD / "test" / "upstream"


def run() -> None:
    """Run it; what failed is listed at the end of its output."""
    binary = micropython.unix()
    tests = micropython.SOURCE / "tests"
    RESULTS.mkdir(parents=True, exist_ok=True)
    argv = [sys.executable, "run-tests.py", f"--result-dir={RESULTS}", "-d", *SUITES]
    env = build_env({"MICROPY_MICROPYTHON": str(binary), "MICROPY_CPYTHON3": sys.executable})
    if subprocess.run(argv, cwd=tests, env=env, stdin=subprocess.DEVNULL, check=False).returncode != 0:
        raise HostError("MicroPython's own tests fail on our build: see the list above")
