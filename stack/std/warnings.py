# warnings - they go to the console; who filters them is obeyed as far as "ignore" and "error" go.

import sys

_action = "default"
_seen = set()


def warn(message, category=None, stacklevel=1, source=None):
    """Print the warning, once for each text; or raise it, or nothing, as the filter says."""
    if isinstance(message, Warning):
        category = type(message)
    category = category or UserWarning
    if _action == "error":
        raise message if isinstance(message, Warning) else category(message)
    text = "%s: %s" % (category.__name__, message)
    if _action == "ignore" or text in _seen:
        return
    if _action != "always":
        _seen.add(text)
    print(text, file=sys.stderr)


def simplefilter(action, category=None, lineno=0, append=False):
    """What becomes of every warning from now on."""
    global _action
    _action = action


def filterwarnings(action, message="", category=None, module="", lineno=0, append=False):
    """The same: messages and modules are not told apart."""
    simplefilter(action)


def resetwarnings():
    simplefilter("default")


class catch_warnings:
    """What is filtered inside ends with it."""

    def __init__(self, *, record=False, module=None, action=None, category=None, lineno=0, append=False):
        self._inside = action

    def __enter__(self):
        self._outside = _action
        if self._inside is not None:
            simplefilter(self._inside)

    def __exit__(self, *error):
        simplefilter(self._outside)
