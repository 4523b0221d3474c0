# CPython's tests of datetime, for the module in Python; test_datetime.py runs them for that in C, too.
from test.datetimetester import *  # noqa: F403
