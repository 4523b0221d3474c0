# warnings - as CPython's: filters decide what becomes of a warning, and by default it is printed on the
# console once for each place.

import sys

__all__ = [
    "catch_warnings", "filterwarnings", "formatwarning", "resetwarnings", "showwarning", "simplefilter",
    "warn", "warn_explicit",
]  # fmt: skip

_ACTIONS = ("error", "ignore", "always", "default", "module", "once")
_PLACES = 256  # a registry forgets after so many, since a program may make up texts

# (action, message, category, module, lineno): the first that matches decides.
filters = [
    ("default", None, DeprecationWarning, "__main__", 0),
    ("ignore", None, DeprecationWarning, None, 0),
    ("ignore", None, PendingDeprecationWarning, None, 0),
    ("ignore", None, ImportWarning, None, 0),
    ("ignore", None, ResourceWarning, None, 0),
]
defaultaction = _defaultaction = "default"
onceregistry = {}
_version = 1


class WarningMessage:
    """A warning as showwarning() gets it and catch_warnings(record=True) keeps it."""

    def __init__(self, message, category, filename, lineno, file=None, line=None, source=None):
        self.message, self.category = message, category
        self.filename, self.lineno = filename, lineno
        self.file, self.line, self.source = file, line, source
        self._category_name = category.__name__ if category else None

    def __str__(self):
        values = self.message, self._category_name, self.filename, self.lineno, self.line
        return "{message : %r, category : %r, filename : %r, lineno : %s, line : %r}" % values


def formatwarning(message, category, filename, lineno, line=None):
    """Return the text of a warning."""
    text = "%s:%s: %s: %s\n" % (filename, lineno, category.__name__, message)
    if line is None and "linecache" in sys.modules:
        line = sys.modules["linecache"].getline(filename, lineno)
    return text + "  %s\n" % line.strip() if line else text


def showwarning(message, category, filename, lineno, file=None, line=None):
    """Write a warning to a file, by default the console."""
    file = sys.stderr if file is None else file
    if file is not None:
        file.write(formatwarning(message, category, filename, lineno, line))


def _showwarnmsg(msg):
    showwarning(msg.message, msg.category, msg.filename, msg.lineno, msg.file, msg.line)


_show = _showwarnmsg  # catch_warnings(record=True) puts another one here


def _pattern(text, flags):
    """Return the compiled pattern. A text without special characters needs no re."""
    if not text:
        return None
    if not any([each in r"\.^$*+?{}[]|()" for each in text]):
        return _Prefix(text, flags)
    re = __import__(_RE)
    return re.compile(text, re.I if flags else 0)


_RE = "re"  # an image has it if a call of filterwarnings() has a pattern (host/build/imports.py)


class _Prefix:
    def __init__(self, text, ignore_case):
        self.pattern, self._ignore_case = text, ignore_case

    def match(self, text):
        start = self.pattern
        return text.lower().startswith(start.lower()) if self._ignore_case else text.startswith(start)

    def __eq__(self, other):
        return isinstance(other, _Prefix) and self.__dict__ == other.__dict__

    def __hash__(self):
        return hash(self.pattern)


def filterwarnings(action, message="", category=Warning, module="", lineno=0, append=False):
    """Insert a filter; `message` and `module` are patterns that match from the start."""
    assert isinstance(message, str), "message must be a string"
    assert isinstance(module, str), "module must be a string"
    _check(action, category, lineno)
    _add_filter(action, _pattern(message, True), category, _pattern(module, False), lineno, append=append)


def simplefilter(action, category=Warning, lineno=0, append=False):
    """Insert a filter for any message and module."""
    _check(action, Warning, lineno)
    _add_filter(action, None, category, None, lineno, append=append)


def _check(action, category, lineno):
    assert action in _ACTIONS, "invalid action: %r" % (action,)
    assert isinstance(category, type), "category must be a class"
    assert issubclass(category, Warning), "category must be a Warning subclass"
    assert isinstance(lineno, int) and lineno >= 0, "lineno must be an int >= 0"


def _add_filter(*item, append):
    if append:
        if item not in filters:
            filters.append(item)
    else:
        if item in filters:
            filters.remove(item)
        filters.insert(0, item)
    _filters_mutated()


def resetwarnings():
    """Remove all filters."""
    filters[:] = []
    _filters_mutated()


def _filters_mutated():
    global _version
    _version += 1


def warn(message, category=None, stacklevel=1, source=None):
    """Issue a warning at the place of the caller, or of its caller with `stacklevel` 2."""
    if isinstance(message, Warning):
        category = type(message)
    category = category or UserWarning
    if not (isinstance(category, type) and issubclass(category, Warning)):
        raise TypeError("category must be a Warning subclass, not '%s'" % type(category).__name__)
    try:
        frame = sys._getframe(max(stacklevel, 1))
        names, filename, lineno = frame.f_globals, frame.f_code.co_filename, frame.f_lineno
    except (AttributeError, ValueError):
        names, filename, lineno = globals(), "sys", 1
    registry = names.setdefault("__warningregistry__", {})
    warn_explicit(
        message, category, filename, lineno, names.get("__name__", "<string>"), registry, None, source
    )


def _deprecated(name, message="{name!r} is deprecated and slated for removal in Python {remove}", *, remove):
    """Warn at the import of a module that CPython removes in a later version."""
    text = message.format(name=name, remove=".".join([str(number) for number in remove]))
    warn(text, DeprecationWarning, stacklevel=3)


def _action(text, category, module, lineno):
    for action, message, kind, where, line in filters:
        if (
            (message is None or message.match(text))
            and issubclass(category, kind)
            and (where is None or (where == module if isinstance(where, str) else where.match(module)))
            and line in (0, lineno)
        ):
            return action
    return defaultaction


def _seen(registry, key):
    """Whether it is there; if not, put it there."""
    if registry.get("version", 0) != _version or len(registry) > _PLACES:
        registry.clear()
        registry["version"] = _version
    if registry.get(key):
        return True
    registry[key] = 1
    return False


def warn_explicit(
    message, category, filename, lineno, module=None, registry=None, module_globals=None, source=None
):
    """Issue a warning for that place; the registry remembers what was shown."""
    lineno = int(lineno)
    if module is None:
        module = filename or "<unknown>"
        if module[-3:].lower() == ".py":
            module = module[:-3]
    registry = {} if registry is None else registry
    if isinstance(message, Warning):
        text = str(message)
        category = type(message)
    else:
        text = message
        message = category(message)
    action = _action(text, category, module, lineno)
    if action == "ignore":
        return
    if action == "error":
        raise message
    if action == "once":
        if onceregistry.get((text, category)):
            return
        onceregistry[text, category] = 1
    elif action == "module":
        if _seen(registry, (text, category, 0)):
            return
    elif action == "default":
        if _seen(registry, (text, category, lineno)):
            return
    elif action != "always":
        raise RuntimeError("Unrecognized action (%r) in warnings.filters:\n %r" % (action, category))
    _show(WarningMessage(message, category, filename, lineno, None, None, source))


class catch_warnings:
    """Restore filters and showwarning() at the end; with `record` give the list of warnings instead."""

    def __init__(self, *, record=False, module=None, action=None, category=Warning, lineno=0, append=False):
        self._record, self._module = record, sys.modules["warnings"] if module is None else module
        self._filter = None if action is None else (action, category, lineno, append)
        self._entered = False

    def __repr__(self):
        words = ["record=True"] if self._record else []
        return "%s(%s)" % (type(self).__name__, ", ".join(words))

    def __enter__(self):
        if self._entered:
            raise RuntimeError("Cannot enter %r twice" % self)
        self._entered = True
        module = self._module
        self._saved = module.filters, module.showwarning, module._show
        module.filters = module.filters[:]
        module._filters_mutated()
        log = None
        if self._record:
            log = []
            module._show = log.append
            module.showwarning = module._showwarning
        if self._filter is not None:
            module.simplefilter(*self._filter)
        return log

    def __exit__(self, *error):
        if not self._entered:
            raise RuntimeError("Cannot exit %r without entering first" % self)
        module = self._module
        module.filters, module.showwarning, module._show = self._saved
        module._filters_mutated()


_showwarning = showwarning
