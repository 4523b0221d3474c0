# _threading_local - threading.local under the name that CPython's pure Python has.

from mkernel.threads import local

__all__ = ["local"]
