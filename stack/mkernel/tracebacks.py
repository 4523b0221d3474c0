# tracebacks.py - tracebacks in CPython's format: chained exceptions, groups, notes, and source lines where
# the image has them ([image] sources in unikernel.toml).
#
# Imported only to print a traceback, so that it costs no memory otherwise.

import sys

_HEADER = "Traceback (most recent call last):"
_CAUSE = "The above exception was the direct cause of the following exception:"
_CONTEXT = "During handling of the above exception, another exception occurred:"
_STARTERS = ('  File "mkernel/task.py"', '  File "_boot.py"')  # the outermost frames of every task
_HIDDEN = '  File "_lowered.py"'  # helpers of lowered syntax
_MODULE = "traceback"  # CPython's: by its name it would be in every image
_GROUP_WIDTH = 15  # exceptions of a group that are printed
_GROUP_DEPTH = 10


def print_exception(error, file=None):
    """Write the exception and its chain to `file`, default sys.stderr."""
    if hasattr(error, "__traceback__") and not hasattr(sys, "print_exception"):  # CPython
        __import__(_MODULE).print_exception(error, file=file)
        return
    (file or sys.stderr).write("\n".join(lines(error)) + "\n")


def lines(error):
    """Return the lines of a traceback."""
    printer = _Printer()
    printer.chain(error)
    return printer.lines


def summary(error):
    """Return the last line of a traceback, the class and the message, and the notes."""
    kind = type(error)
    own = getattr(kind, "__dict__", {})  # a class made by type() has no module name
    module = own.get("__module__", "__main__")
    name = own.get("__qualname__", kind.__name__)
    if module not in ("__main__", "builtins"):
        name = "%s.%s" % (module, name)
    try:
        text = str(error)
    except Exception:
        text = "<exception str() failed>"
    found = ("%s: %s" % (name, text) if text else name).split("\n")
    for note in getattr(error, "__notes__", None) or ():
        found += str(note).split("\n")
    return found


def entries(error):
    """Return the frames: the interpreter's lines, each with the line of the source if known."""
    from uio import StringIO

    written = StringIO()
    sys.print_exception(error, written)
    text = written.getvalue()
    places = [
        line
        for line in text[text.rfind(_HEADER) + 1 :].split("\n")
        if line.startswith('  File "') and not line.startswith(_HIDDEN)
    ]
    while len(places) > 1 and places[0].startswith(_STARTERS):
        del places[0]
    found = []
    for place in places:
        found.append(place)
        source = _source(place)
        if source:
            found.append("    " + source)
    return found


def _source(entry):
    """Return the source line of a frame; nothing if the image does not have it."""
    try:
        from _sources import SOURCES
    except ImportError:
        return ""
    _, path, rest = entry.split('"', 2)
    if path not in SOURCES:
        return ""
    number = int(rest.split("line ", 1)[1].split(",")[0])
    text = SOURCES[path].split("\n")
    return text[number - 1].strip() if 0 < number <= len(text) else ""


class _Printer:
    """The lines so far, and the nesting depth of exception groups."""

    def __init__(self):
        self.lines = []
        self.depth = 0
        self.open = False  # a group whose closing line is pending
        self.seen = []

    def say(self, lines, mark="|"):
        start = "  " * self.depth + (mark + " " if self.depth else "")
        self.lines += [start + line for line in lines]

    def rule(self, text):
        self.lines.append("  " * self.depth + text)

    def chain(self, error):
        """Append the exception after those that caused it."""
        self.seen.append(error)
        cause = getattr(error, "__cause__", None)
        context = getattr(error, "__context__", None)
        if cause is not None:
            self.before(cause, _CAUSE)
        elif context is not None and not getattr(error, "__suppress_context__", False):
            self.before(context, _CONTEXT)
        parts = _parts(error)
        if parts is not None:
            self.group(error, parts)
            return
        where = entries(error)
        self.say(([_HEADER] + where if where else []) + summary(error))

    def before(self, error, relation):
        if not any([each is error for each in self.seen]):
            self.chain(error)
            self.say(["", relation, ""])

    def group(self, error, parts):
        if self.depth > _GROUP_DEPTH:
            self.say(["... (max_group_depth is %d)" % _GROUP_DEPTH])
            return
        outermost = self.depth == 0
        self.depth += outermost
        where = entries(error)
        if where:
            self.say(["Exception Group " + _HEADER], "+" if outermost else "|")
        self.say(where + summary(error))
        count = min(len(parts), _GROUP_WIDTH + 1)
        for index in range(count):
            is_last = index == count - 1
            self.open = self.open or is_last
            title = str(index + 1) if index < _GROUP_WIDTH else "..."
            start = "+-" if index == 0 else "  "
            self.rule("%s+---------------- %s ----------------" % (start, title))
            self.depth += 1
            if index < _GROUP_WIDTH:
                self.chain(parts[index])
            else:
                left = len(parts) - _GROUP_WIDTH
                self.say(["and %d more exception%s" % (left, "s" if left > 1 else "")])
            if is_last and self.open:
                self.rule("+------------------------------------")
                self.open = False
            self.depth -= 1
        if outermost:
            self.depth = 0


def _parts(error):
    """Return the exceptions of a group; None for any other exception."""
    import builtins

    kind = getattr(builtins, "BaseExceptionGroup", None)
    return error.exceptions if kind is not None and isinstance(error, kind) else None
