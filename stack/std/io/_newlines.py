# _newlines.py - line ends as files of text know them.

SEEN = (None, "\n", "\r", ("\r", "\n"), "\r\n", ("\n", "\r\n"), ("\r", "\r\n"), ("\r", "\n", "\r\n"))
LF, CR, CRLF = 1, 2, 4


def kinds(text):
    """Which line ends the text has, as an index of SEEN."""
    pairs = text.count("\r\n")
    return (
        (CRLF if pairs else 0)
        | (CR if text.count("\r") > pairs else 0)
        | (LF if text.count("\n") > pairs else 0)
    )


def translated(text):
    """Every line end as a line feed."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def check(newline):
    if newline is not None and not isinstance(newline, str):
        raise TypeError("newline must be str or None, not " + type(newline).__name__)
    if newline not in (None, "", "\n", "\r", "\r\n"):
        raise ValueError("illegal newline value: %r" % (newline,))


def end_of_line(text, start, newline):
    """Return where the line that begins at `start` ends, -1 if nothing ends it. "" is for every line end."""
    if newline:
        found = text.find(newline, start)
        return found + len(newline) if found >= 0 else -1
    feed, back = text.find("\n", start), text.find("\r", start)
    if back < 0 or 0 <= feed < back:
        return feed + 1 or -1
    return back + 2 if feed == back + 1 else back + 1


class IncrementalNewlineDecoder:
    """A decoder whose text has line feeds only, if `translate`, and which knows the line ends it has seen."""

    def __init__(self, decoder, translate, errors="strict"):
        self.decoder, self.translate, self.errors = decoder, translate, errors
        self._seen = 0
        self._waits = False  # a carriage return, for what comes after it

    @property
    def newlines(self):
        return SEEN[self._seen]

    def decode(self, input, final=False):
        text = input if self.decoder is None else self.decoder.decode(input, final=final)
        if self._waits and (text or final):
            text, self._waits = "\r" + text, False
        if text.endswith("\r") and not final:
            text, self._waits = text[:-1], True
        self._seen |= kinds(text)
        return translated(text) if self.translate else text

    def getstate(self):
        data, flag = (b"", 0) if self.decoder is None else self.decoder.getstate()
        return data, flag << 1 | self._waits

    def setstate(self, state):
        data, flag = state
        self._waits = bool(flag & 1)
        if self.decoder is not None:
            self.decoder.setstate((data, flag >> 1))

    def reset(self):
        self._seen, self._waits = 0, False
        if self.decoder is not None:
            self.decoder.reset()
