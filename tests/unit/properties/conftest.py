"""Properties, tested by Hypothesis. Only pytest runs this folder; the rest of tests/unit runs on MicroPython
too. The examples are the same in every run; HYPOTHESIS_PROFILE=thorough tries more, and different ones each
time."""

import os

from hypothesis import settings

settings.register_profile("steady", max_examples=100, deadline=None, derandomize=True, database=None)
settings.register_profile("thorough", max_examples=1000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
