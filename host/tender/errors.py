"""Errors that end a guest before it halts."""

from host.errors import HostError


class GuestFault(HostError):
    """The guest made an invalid request, or its processor stopped: the text says what and where."""
