# re: programs that re._compiler would not make are refused, or harmless: any caller may call _sre.compile().
import _sre
import re
import sys

from support import raises

PATTERNS = (
    r"(a|bc)*?d",
    r"(?P<n>\w+)(?<=x)(?!y)[^a-z\d](?(n)z|w)",
    r"(a)(?>a+)b++(?:cd)*+(\1)?$",
    "(?i)[é-ü]x{2,3}",
    "ab[c-f]|abd",
    "[a-zA-Z0-9_а-я]+?",
)
WORDS = (0, 1, 2, 3, 7, 255, 0x7FFFFFFF, 0xFFFFFFFF)
TEXT = "abcdabcd xyz éü 12"


def program(pattern):
    parsed = re._parser.parse(pattern, 0)
    return re._compiler._code(parsed, 0), parsed.state.groups - 1


def is_refused(code, groups):
    """Whether it is refused; else it is run."""
    try:
        compiled = _sre.compile(None, 0, code, groups, {}, (None,) * (groups + 1))
    except RuntimeError:
        return True
    for call in (compiled.search, compiled.match, compiled.fullmatch, compiled.findall):
        try:
            call(TEXT)
        except (RuntimeError, MemoryError):  # takes too long
            pass
    return False


def test_programs_as_they_are_written():
    for pattern in PATTERNS:
        assert not is_refused(*program(pattern)), pattern


def test_a_word_that_is_another_one():
    if sys.implementation.name == "cpython":
        return  # programs of its own are not checked
    refused = ran = 0
    for pattern in PATTERNS:
        code, groups = program(pattern)
        for at in range(len(code)):
            for word in WORDS + (code[at] + 1, max(code[at] - 1, 0), len(code) - at):
                if is_refused(code[:at] + [word] + code[at + 1 :], groups):
                    refused += 1
                else:
                    ran += 1
    assert refused > 500 and ran > 100


def test_half_a_program():
    if sys.implementation.name == "cpython":
        return
    for pattern in PATTERNS:
        code, groups = program(pattern)
        for end in range(len(code)):
            assert is_refused(code[:end], groups), (pattern, end)
        assert is_refused(code, 0) == (groups > 0)
    raises(RuntimeError, _sre.compile, None, 0, [], 0, {}, ())
    raises((RuntimeError, OverflowError), _sre.compile, None, 0, [1 << 40], 0, {}, ())
