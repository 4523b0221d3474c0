# console.py - what an io.TextIOWrapper has beside the methods of MicroPython's sys.stdin, stdout and stderr.
# The text is UTF-8, whatever the program asks for.

import sys as _sys


def _reads(file):
    return file.fileno() == 0


class _Console:
    encoding = property(lambda self: "utf-8")
    line_buffering = property(lambda self: True)
    write_through = property(lambda self: False)
    newlines = property(lambda self: None)

    def isatty(self):
        return False

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def reconfigure(
        self, *, encoding=None, errors=None, newline=None, line_buffering=None, write_through=None
    ):
        if (encoding or "utf-8").lower().replace("_", "-") not in ("utf-8", "utf8"):
            raise ValueError("the console's encoding is utf-8, not %s" % encoding)


# Names that many programs have for other things: they alone do not put this module into an image.
_Common = type(
    "_Common",
    (),
    {
        "name": property(lambda self: ("<stdin>", "<stdout>", "<stderr>")[self.fileno()]),
        "mode": property(lambda self: "r" if _reads(self) else "w"),
        "errors": property(lambda self: "backslashreplace" if self.fileno() == 2 else "strict"),
        "closed": property(lambda self: False),
        "readable": _reads,
        "writable": lambda self: not _reads(self),
        "seekable": lambda self: False,
    },
)

EXTENSIONS = ((type(_sys.stdout), _Console, _Common),)
