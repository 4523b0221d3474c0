# _csv - reader and writer of the module csv, which CPython has in C.

__doc__ = "CSV parsing and writing."  # csv takes it
__version__ = "1.0"
QUOTE_MINIMAL, QUOTE_ALL, QUOTE_NONNUMERIC, QUOTE_NONE = range(4)

_dialects = {}
_limit = 131072
_ASKED = (
    "delimiter", "doublequote", "escapechar", "lineterminator", "quotechar", "quoting", "skipinitialspace",
    "strict",
)  # fmt: skip
_UNSET = object()
# The states of a reader.
_RECORD, _ESCAPED, _FIELD, _START, _QUOTED, _QUOTED_ESCAPED, _QUOTE, _END, _NEWLINE = range(9)


class Error(Exception):
    """A line that cannot be read, or a row that cannot be written."""


def _letter(name, value, may_miss):
    """One letter; None where there may be none."""
    if value is None and may_miss:
        return None
    if not isinstance(value, str):
        kinds = "string or None" if may_miss else "string"
        raise TypeError('"%s" must be %s, not %s' % (name, kinds, type(value).__name__))
    if len(value) != 1:
        raise TypeError('"%s" must be a 1-character string' % name)
    return value


class Dialect:
    """How fields are separated and quoted."""

    def __init__(self, dialect=None, **asked):
        for name in asked:
            if name not in _ASKED:
                raise TypeError("'%s' is an invalid keyword argument for this function" % name)
        if isinstance(dialect, str):
            dialect = get_dialect(dialect)

        def option(name, otherwise):
            if name in asked:
                return asked[name]
            return getattr(dialect, name, otherwise)

        self.delimiter = _letter("delimiter", option("delimiter", ","), False)
        self.doublequote = bool(option("doublequote", True))
        self.escapechar = _letter("escapechar", option("escapechar", None), True)
        self.lineterminator = option("lineterminator", "\r\n")
        quoting = option("quoting", _UNSET)
        quotechar = option("quotechar", _UNSET)
        if quotechar is None and quoting is _UNSET:
            quoting = QUOTE_NONE
        self.quotechar = _letter("quotechar", '"' if quotechar is _UNSET else quotechar, True)
        self.quoting = QUOTE_MINIMAL if quoting is _UNSET else quoting
        self.skipinitialspace = bool(option("skipinitialspace", False))
        self.strict = bool(option("strict", False))
        self._check()

    def _check(self):
        if type(self.quoting) is not int:
            raise TypeError('"quoting" must be an integer')
        if not 0 <= self.quoting <= 3:
            raise TypeError('bad "quoting" value')
        if self.quoting != QUOTE_NONE and self.quotechar is None:
            raise TypeError("quotechar must be set if quoting enabled")
        if not isinstance(self.lineterminator, str):
            kind = type(self.lineterminator).__name__
            raise TypeError('"lineterminator" must be a string, not %s' % kind)


def _dialect(dialect, asked):
    return dialect if isinstance(dialect, Dialect) and not asked else Dialect(dialect, **asked)


def register_dialect(name, dialect=None, **fmtparams):
    if not isinstance(name, str):
        raise TypeError("dialect name must be a string")
    _dialects[name] = Dialect(dialect, **fmtparams)


def unregister_dialect(name):
    if _dialects.pop(name, None) is None:
        raise Error("unknown dialect")


def get_dialect(name):
    if name not in _dialects:
        raise Error("unknown dialect")
    return _dialects[name]


def list_dialects():
    return list(_dialects)


def field_size_limit(limit=_UNSET):
    """Return how long a field may be, and set it."""
    global _limit
    before = _limit
    if limit is not _UNSET:
        if not isinstance(limit, int):
            raise TypeError("limit must be an integer")
        _limit = limit
    return before


class _Reader:
    """Rows of an iterator of lines."""

    def __init__(self, iterable, dialect=None, **asked):
        self._lines = iter(iterable)
        self.dialect = _dialect(dialect, asked)
        self.line_num = 0
        self._reset()

    def __iter__(self):
        return self

    def _reset(self):
        self._row = []
        self._state = _RECORD
        self._begin()

    def _begin(self):
        """Begin a field."""
        self._field = []
        self._size = 0
        self._is_number = False

    def __next__(self):
        self._reset()
        while True:
            try:
                line = next(self._lines)
            except StopIteration:
                return self._at_end()
            if not isinstance(line, str):
                kind = type(line).__name__
                text = "iterator should return strings, not %s (the file should be opened in text mode)"
                raise Error(text % kind)
            self.line_num += 1
            self._take_line(line)
            if self._state == _RECORD:
                return self._row

    def _at_end(self):
        """No more lines: an open field is the last one."""
        if self._size == 0 and self._state != _QUOTED:
            raise StopIteration
        if self.dialect.strict:
            raise Error("unexpected end of data")
        self._save()
        return self._row

    def _take_line(self, line):
        for letter in line:
            self._take(letter)
        self._take("")

    def _add(self, letter):
        if self._size >= _limit:
            raise Error("field larger than field limit (%d)" % _limit)
        self._field.append(letter)
        self._size += 1

    def _save(self):
        field = "".join(self._field)
        self._row.append(float(field) if self._is_number else field)
        self._begin()

    def _take(self, letter):
        """One letter, or "" at the end of a line."""
        is_end = letter in ("", "\n", "\r")
        state = self._state
        if state == _RECORD:
            if letter == "":
                return
            if is_end:
                self._state = _END
                return
            self._start(letter, is_end)
        elif state == _START:
            self._start(letter, is_end)
        elif state == _FIELD or (state == _NEWLINE and letter):
            self._plain(letter, is_end)
        elif state == _ESCAPED:
            self._add(letter or "\n")
            self._state = _NEWLINE if letter in ("\n", "\r") else _FIELD
        elif state == _QUOTED:
            self._quoted(letter)
        elif state == _QUOTED_ESCAPED:
            self._add(letter or "\n")
            self._state = _QUOTED
        elif state == _QUOTE:
            self._after_quote(letter, is_end)
        elif state == _NEWLINE:
            pass  # an escaped end of line: the field goes on in the next one
        elif letter == "":
            self._state = _RECORD
        elif not is_end:
            raise Error(
                "new-line character seen in unquoted field - do you need to open the file in "
                "universal-newline mode?"
            )

    def _finish(self, letter):
        """A field ends at a delimiter, or with its line."""
        self._save()
        if letter == self.dialect.delimiter:
            self._state = _START
        else:
            self._state = _RECORD if letter == "" else _END

    def _start(self, letter, is_end):
        dialect = self.dialect
        if is_end:
            self._finish(letter)
        elif letter == dialect.quotechar and dialect.quoting != QUOTE_NONE:
            self._state = _QUOTED
        elif letter == dialect.escapechar:
            self._state = _ESCAPED
        elif letter == " " and dialect.skipinitialspace:
            self._state = _START
        elif letter == dialect.delimiter:
            self._finish(letter)
        else:
            self._is_number = dialect.quoting == QUOTE_NONNUMERIC
            self._add(letter)
            self._state = _FIELD

    def _plain(self, letter, is_end):
        if is_end or letter == self.dialect.delimiter:
            self._finish(letter)
        elif letter == self.dialect.escapechar:
            self._state = _ESCAPED
        else:
            self._add(letter)

    def _quoted(self, letter):
        dialect = self.dialect
        if letter == "":
            pass
        elif letter == dialect.escapechar:
            self._state = _QUOTED_ESCAPED
        elif letter == dialect.quotechar and dialect.quoting != QUOTE_NONE:
            self._state = _QUOTE if dialect.doublequote else _FIELD
        else:
            self._add(letter)

    def _after_quote(self, letter, is_end):
        """The quote ended the field, or the next one makes it one of the field's letters."""
        dialect = self.dialect
        if dialect.quoting != QUOTE_NONE and letter == dialect.quotechar:
            self._add(letter)
            self._state = _QUOTED
        elif is_end or letter == dialect.delimiter:
            self._finish(letter)
        elif not dialect.strict:
            self._add(letter)
            self._state = _FIELD
        else:
            raise Error("'%s' expected after '%s'" % (dialect.delimiter, dialect.quotechar))


class _Writer:
    """Rows to a file."""

    def __init__(self, fileobj, dialect=None, **asked):
        write = getattr(fileobj, "write", None)
        if not callable(write):
            raise TypeError('argument 1 must have a "write" method')
        self._write = write
        self.dialect = _dialect(dialect, asked)

    def writerow(self, row):
        try:
            row = iter(row)
        except TypeError:
            raise Error("iterable expected, not %s" % type(row).__name__)
        fields = [self._shown(field) for field in row]
        if len(fields) == 1 and fields[0] == "":
            if self.dialect.quoting == QUOTE_NONE:
                raise Error("single empty field record must be quoted")
            fields[0] = self.dialect.quotechar * 2
        return self._write(self.dialect.delimiter.join(fields) + self.dialect.lineterminator)

    def writerows(self, rows):
        for row in rows:
            self.writerow(row)

    def _shown(self, field):
        dialect = self.dialect
        is_number = isinstance(field, (int, float))
        if dialect.quoting == QUOTE_NONNUMERIC:
            must_quote = not is_number
        else:
            must_quote = dialect.quoting == QUOTE_ALL
        text = "" if field is None else field if isinstance(field, str) else str(field)
        special = [dialect.delimiter, dialect.escapechar, dialect.quotechar]
        special += dialect.lineterminator
        for letter in text:
            if letter in special:
                break
        else:
            return dialect.quotechar + text + dialect.quotechar if must_quote else text
        return self._quoted(text, must_quote, special)

    def _quoted(self, text, must_quote, special):
        dialect = self.dialect
        pieces = []
        for letter in text:
            if letter in special:
                escape = dialect.quoting == QUOTE_NONE
                if not escape and letter == dialect.quotechar:
                    if dialect.doublequote:
                        pieces.append(letter)
                        must_quote = True
                    else:
                        escape = True
                elif not escape and letter == dialect.escapechar:
                    escape = True
                elif not escape:
                    must_quote = True
                if escape:
                    if dialect.escapechar is None:
                        raise Error("need to escape, but no escapechar set")
                    pieces.append(dialect.escapechar)
            pieces.append(letter)
        text = "".join(pieces)
        return dialect.quotechar + text + dialect.quotechar if must_quote else text


def reader(iterable, dialect=None, **fmtparams):
    """An iterator of rows, of any iterator of lines."""
    return _Reader(iterable, dialect, **fmtparams)


def writer(fileobj, dialect=None, **fmtparams):
    """An object that writes rows to whatever has a write()."""
    return _Writer(fileobj, dialect, **fmtparams)
