# re - CPython's regular expressions: its own parser and compiler (_parser, _compiler and _casefix of the
# library that the build fetches), our engine in C (_sre).

import _sre

from . import _compiler, _parser
from ._constants import error

_compiler._mk_bitmap = _sre.bitmap
_compiler._bytes_to_codes = _sre.words

__all__ = [
    "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer", "compile", "purge",
    "escape", "error", "Pattern", "Match", "A", "I", "L", "M", "S", "X", "U", "ASCII", "IGNORECASE", "LOCALE",
    "MULTILINE", "DOTALL", "VERBOSE", "UNICODE", "NOFLAG", "RegexFlag",
]  # fmt: skip

_CACHED = 256


class RegexFlag(int):
    """A set of flags. repr() names them."""

    def __or__(self, other):
        return RegexFlag(int(self) | int(other))

    def __and__(self, other):
        return RegexFlag(int(self) & int(other))

    def __xor__(self, other):
        return RegexFlag(int(self) ^ int(other))

    def __invert__(self):
        return RegexFlag(_ALL & ~int(self))

    __ror__ = __or__
    __rand__ = __and__
    __rxor__ = __xor__

    @property
    def value(self):
        return int(self)

    @property
    def name(self):
        names = [name for name, flag in _FLAGS if int(self) & flag]
        return "|".join(names) if names else None

    def __repr__(self):
        value = int(self)
        if value == 0:
            return "re.NOFLAG"
        names = ["re." + name for name, flag in _FLAGS if value & flag]
        if value & ~_ALL:
            names.append(hex(value & ~_ALL))
        return "|".join(names)

    __str__ = __repr__


_FLAGS = (
    ("ASCII", 256), ("IGNORECASE", 2), ("LOCALE", 4), ("UNICODE", 32), ("MULTILINE", 8), ("DOTALL", 16),
    ("VERBOSE", 64), ("TEMPLATE", 1), ("DEBUG", 128),
)  # fmt: skip
_ALL = 511
NOFLAG = RegexFlag(0)
ASCII = A = RegexFlag(256)
IGNORECASE = I = RegexFlag(2)  # noqa: E741
LOCALE = L = RegexFlag(4)
UNICODE = U = RegexFlag(32)
MULTILINE = M = RegexFlag(8)
DOTALL = S = RegexFlag(16)
VERBOSE = X = RegexFlag(64)
TEMPLATE = T = RegexFlag(1)
DEBUG = RegexFlag(128)


def match(pattern, string, flags=0):
    """The Match of `pattern` at the beginning of `string`, or None."""
    return _compile(pattern, flags).match(string)


def fullmatch(pattern, string, flags=0):
    """The Match of `pattern` with the whole of `string`, or None."""
    return _compile(pattern, flags).fullmatch(string)


def search(pattern, string, flags=0):
    """The first Match of `pattern` in `string`, or None."""
    return _compile(pattern, flags).search(string)


def sub(pattern, repl, string, count=0, flags=0):
    """`string` with each match, `count` at most, replaced: by the template `repl` or by what it returns."""
    return _compile(pattern, flags).sub(repl, string, count)


def subn(pattern, repl, string, count=0, flags=0):
    """(what sub() returns, how many matches were replaced)."""
    return _compile(pattern, flags).subn(repl, string, count)


def split(pattern, string, maxsplit=0, flags=0):
    """What is between the matches, and the matches' groups."""
    return _compile(pattern, flags).split(string, maxsplit)


def findall(pattern, string, flags=0):
    """The texts of all matches: the whole, the only group or the tuple of groups."""
    return _compile(pattern, flags).findall(string)


def finditer(pattern, string, flags=0):
    """An iterator over all Matches."""
    return _compile(pattern, flags).finditer(string)


def compile(pattern, flags=0):
    """The Pattern of a regular expression; `error` if it is none."""
    return _compile(pattern, flags)


def purge():
    """Forget the patterns and templates that were compiled."""
    _cache.clear()
    _templates.clear()


_SPECIAL = frozenset("()[]{}?*+-|^$\\.&~# \t\n\r\v\f")


def escape(pattern):
    """A pattern that matches exactly this text."""
    is_str = isinstance(pattern, str)
    text = pattern if is_str else "".join([chr(byte) for byte in bytes(pattern)])
    text = "".join(["\\" + letter if letter in _SPECIAL else letter for letter in text])
    return text if is_str else bytes([ord(letter) for letter in text])


Pattern = type(_compiler.compile("", 0))
Match = type(_compiler.compile("", 0).match(""))

_cache = {}
_templates = {}


def _remember(cache, key, value):
    if len(cache) >= _CACHED:
        del cache[next(iter(cache))]
    cache[key] = value


def _compile(pattern, flags):
    flags = int(flags)
    if isinstance(pattern, Pattern):
        if flags:
            raise ValueError("cannot process flags argument with a compiled pattern")
        return pattern
    if not isinstance(pattern, (str, bytes)):
        raise TypeError("first argument must be string or compiled pattern")
    key = type(pattern), pattern, flags
    found = _cache.get(key)
    if found is None:
        found = _compiler.compile(pattern, flags)
        _remember(_cache, key, found)
    return found


def _expand(pattern, match, template):
    """Match.expand() in C asks for it."""
    return _parser.expand_template(_template(pattern, template), match)


def _template(pattern, template):
    key = type(template), template, pattern
    found = _templates.get(key)
    if found is None:
        found = _parser.parse_template(template, pattern)
        _remember(_templates, key, found)
    return found


def _subx(pattern, template):
    """Pattern.sub() in C asks for it: a function of the Match, or a text."""
    groups, literals = found = _template(pattern, template)
    if not groups and len(literals) == 1:
        return literals[0]
    return lambda match: _parser.expand_template(found, match)


class Scanner:
    """Tokens: a lexicon of (pattern, action), the first pattern that matches has its action called."""

    def __init__(self, lexicon, flags=0):
        self.lexicon = lexicon
        state = _parser.State()
        state.flags = int(flags)
        phrases = []
        for phrase, _ in lexicon:
            group = state.opengroup()
            item = _parser.SubPattern(
                state, [(_parser.SUBPATTERN, (group, 0, 0, _parser.parse(phrase, int(flags))))]
            )
            phrases.append(item)
            state.closegroup(group, item)
        whole = _parser.SubPattern(state, [(_parser.BRANCH, (None, phrases))])
        self.scanner = _compiler.compile(whole)

    def scan(self, string):
        """(what the actions returned, the text from where no pattern matches)."""
        result = []
        at = 0
        for found in iter(self.scanner.scanner(string).match, None):
            if found.end() == at:
                break
            action = self.lexicon[found.lastindex - 1][1]
            if callable(action):
                self.match = found
                action = action(self, found.group())
            if action is not None:
                result.append(action)
            at = found.end()
        return result, string[at:]
