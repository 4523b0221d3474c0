# log - the logger "asyncio". Programs that do not import logging get what its handler of last resort would
# write, warnings and errors on stderr, without the module being in the image.

import sys


class _Logger:
    """logging.getLogger("asyncio"), as soon as the program has logging."""

    def __getattr__(self, name):
        logging = sys.modules.get("logging")
        return getattr(_LAST_RESORT if logging is None else logging.getLogger("asyncio"), name)

    def __setattr__(self, name, value):
        setattr(sys.modules["logging"].getLogger("asyncio"), name, value)


class _LastResort:
    """What asyncio calls of a logger."""

    def debug(self, message, *args, **kwargs):
        pass

    info = debug

    def log(self, level, message, *args, **kwargs):
        if level >= 30:  # WARNING
            self.error(message, *args, **kwargs)

    def isEnabledFor(self, level):
        return level >= 30

    def getEffectiveLevel(self):
        return 30

    def error(self, message, *args, exc_info=None, **kwargs):
        print(message % args if args else message, file=sys.stderr)
        if exc_info:
            from mkernel.task import print_exception

            error = sys.exc_info() if exc_info is True else exc_info
            print_exception(error[1] if isinstance(error, tuple) else error, sys.stderr)

    warning = critical = error

    def exception(self, message, *args, **kwargs):
        self.error(message, *args, exc_info=True)


_LAST_RESORT = _LastResort()
logger = _Logger()
