# run.py - allocations that fail: `micropython tests/nomem/run.py SCENARIO K FIRST STEP` on the unix build.
#
# The allocations of a scenario are numbered. For n = FIRST, FIRST + STEP, ... up to the last one, the n-th
# and the K-1 after it fail. Then 1 000 virtual seconds pass, everything must be as it was before, and the
# scenario must succeed. Each n for which that was not so is printed, then "N tried, M failed".
import sys

TESTS = "/".join(__file__.split("/")[:-1] or ["."]) + "/.."
sys.path[:] = [TESTS + "/../build/library", TESTS + "/../stack", TESTS, ".frozen", TESTS + "/shims"]

import _boot  # noqa: E402
import _fiber  # noqa: E402
import _nomem  # noqa: E402

_boot.install_builtins()

from nomem import lab as labs  # noqa: E402

labs.install()

import mkernel.tracebacks  # noqa: E402, F401 - imported with the first exception, else
from mkernel import scheduler  # noqa: E402
from mkernel.task import Task, leave_alone  # noqa: E402
from nomem import housekeeping, scenarios  # noqa: E402

_RESTARTS = ("startup", "stopping")  # scenarios that start the stacks
_SETTLED = 1000  # seconds
_SLACK = 16384  # bytes: tables that have grown, a packet that is still referred to; what leaks adds up


class Run:
    """A scenario, and the state before it."""

    def __init__(self, scenario):
        self.scenario = scenario
        self.lab = labs.Lab()
        self.lab.start()
        for _ in range(3):  # tables that grow once have grown, and modules are imported
            self.play()
        self.state = self.lab.state()
        self.memory = self.in_use()

    def in_use(self):
        """Return the bytes in use."""
        self.lab.forget()
        return labs.memory()

    def play(self, n=1 << 40, k=0):
        """Run it once. Returns the error it ended with, and whether the n-th allocation occurred."""
        task = Task(self.scenario, (self.lab,), "main", leave_alone)
        _nomem.arm(n, k)
        try:
            scheduler.run_until(task)
        finally:
            _nomem.pause()
        reached = _nomem.count() >= n
        self.lab.lossy(0)
        self.lab.sane()
        scheduler.run_until(Task(scheduler.sleep, (_SETTLED,), "pause", leave_alone))
        error = task.exception
        if error is not None and (k == 0 or not isinstance(error, (MemoryError, OSError, RuntimeError))):
            raise error
        return reached

    def check(self):
        """Check that all state is as before."""
        assert self.lab.bugs() == 0, "a bug: %s" % self.lab.log
        labs.memory()  # unreferenced objects are collected with that, and closed
        scheduler.run_until(Task(scheduler.sleep, (_SETTLED,), "pause", leave_alone))
        state = self.lab.state()
        if state != self.state:
            names = [str(fiber.name) for fiber in _fiber.parked()]
            changed = [(i, was, now) for i, (was, now) in enumerate(zip(self.state, state)) if was != now]
            raise AssertionError("what was became: %s; parked: %s" % (changed, names))

    def check_memory(self):
        """So is memory, but for words that the collector takes for references: they are soon overwritten."""
        for _ in range(4):
            gone = self.in_use() - self.memory
            if gone <= _SLACK:
                return
            self.play()
        raise AssertionError("%d bytes are gone" % gone)

    def attempt(self, n, k):
        """Whether the scenario has an n-th allocation; it and some after it fail."""
        reached = self.play(n, k)
        if self.scenario.__name__ in _RESTARTS and len(self.lab.state()) != len(self.state):
            self.lab.stop()
            self.lab.start()
            scheduler.run_until(Task(scheduler.sleep, (_SETTLED,), "pause", leave_alone))
        self.check()
        self.play()
        self.check()
        self.check_memory()
        return reached


def main(name, k, first, step):
    found = {each.__name__: each for each in scenarios.SCENARIOS + housekeeping.SCENARIOS}
    run = Run(found[name])
    n, tried, failed = first, 0, 0
    reached = True
    while reached:
        try:
            reached = run.attempt(n, k)
        except Exception as error:
            failed += 1
            print("%s: allocation %d and %d after it" % (name, n, k - 1))
            sys.print_exception(error)
            if failed >= 5:
                break
            run.lab.stop()
            run = Run(run.scenario)
        tried += 1
        n += step
    print("%d tried, %d failed" % (tried, failed))
    return failed != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
