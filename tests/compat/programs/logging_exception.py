import io
import logging

stream = io.StringIO()
logger = logging.getLogger("exc")
logger.propagate = False
logger.addHandler(logging.StreamHandler(stream))
try:
    1 / 0
except ZeroDivisionError:
    logger.exception("bad")
text = stream.getvalue()
assert text.startswith("bad\nTraceback (most recent call last):\n"), text
assert text.endswith("ZeroDivisionError: division by zero\n"), text

stream.truncate(0)
stream.seek(0)
logger.handlers[0].setFormatter(logging.Formatter("%(filename)s %(lineno)d %(funcName)s %(message)s"))


def work():
    logger.error("here")


work()
assert stream.getvalue() == "logging_exception.py 22 work here\n", stream.getvalue()
