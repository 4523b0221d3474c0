"""Two stacks over a simulated wire, in virtual time: seeded loss, duplication, reordering, corruption.

A failure prints its seed within the test's name, the last frames on the wire, and the line that replays it:

    SIM_TRACE=1 .venv/bin/python -m pytest 'tests/sim/test_bulk.py::test_...[...-seed3]'

SIM_TRACE=1 prints every frame, as tcpdump would, with what became of it. SIM_SEEDS=7 or SIM_SEEDS=0-99 runs
every seeded test with those seeds in place of its own.
"""
