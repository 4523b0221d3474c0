"""What ends a guest before it halts."""

from host.errors import HostError


class GuestFault(HostError):
    """The guest asked for what no guest may have, or its processor stopped: the text says what and where."""
