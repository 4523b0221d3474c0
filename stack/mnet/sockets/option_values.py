# option_values.py - checks and conversions of the values of socket options.
from mkernel.errors import oserror

from ..errors import EINVAL, ENOPROTOOPT
from . import names


def in_range(value, low, high):
    if not isinstance(value, int) or not low <= value <= high:
        raise oserror(EINVAL)
    return value


def service(value):
    return in_range(value, 0, 255) & 0xFC  # RFC 3168 section 5: the ECN bits are the transport's


def number(value):
    """Return a number that may be given as one byte, as on the BSDs."""
    return value if isinstance(value, int) else int.from_bytes(value, "little")


def set_v6only(impl, value):
    """Set IPV6_V6ONLY, before bind() or connect()."""
    if impl.family.number != names.AF_INET6:
        raise oserror(ENOPROTOOPT, "IPV6_V6ONLY of an IPv4 socket")
    if impl.sockname()[1]:
        raise oserror(EINVAL)
    impl.family.only = bool(value)
    impl.unname()
