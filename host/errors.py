"""Errors for people: one line that says what is wrong, where, and how to fix it."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager


class HostError(Exception):
    """An error of this machine or its user; the text is the line to print."""

    code = 1


class LaunchError(HostError):
    """An image could not be run to its end. Distinct from every exit code of a guest."""

    code = 125


def explain(error: OSError) -> str:
    """Return an operating system error as one line."""
    where = f"{error.filename}: " if error.filename else ""
    remedy = "; free some space and run the command again" if error.errno == errno.ENOSPC else ""
    return f"{where}{error.strerror or error}{remedy}"


@contextmanager
def os_errors(what: str) -> Iterator[None]:
    """Turn an OSError (disk full, no permission ...) into a HostError that begins with `what`."""
    try:
        yield
    except OSError as error:
        raise HostError(f"{what}: {explain(error)}") from error
