# time of stack/std; MicroPython only, since on CPython there is no module utime to build on.

import sys

from mkernel import scheduler
from support import raises, run

if sys.implementation.name == "micropython":
    import time

    def test_clocks_go_forward():
        assert time.monotonic_ns() <= time.monotonic_ns()
        assert abs(time.monotonic() * 1e9 - time.monotonic_ns()) < 1e9
        assert time.time() > 1.6e9 and time.time_ns() > 1_600_000_000_000_000_000
        assert time.perf_counter() >= 0

    def test_sleep_is_the_schedulers():
        def main():
            start = scheduler.clock()
            time.sleep(0.002)
            time.sleep_ms(2)
            time.sleep_us(500)
            return scheduler.clock() - start

        assert run(main) >= 4500
        raises(ValueError, time.sleep, -1)

    def test_micropythons_own_are_still_there():
        assert time.ticks_diff(time.ticks_add(time.ticks_ms(), 5), time.ticks_ms()) <= 5
        assert time.gmtime(0)[0] in (1970, 2000)
