"""Words that comments, docstrings, test names and documents must not use, because the field has a better one.

Code and string literals are not checked. docs/glossary.md has the terms to use.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from host.paths import ROOT, shown

# Word or phrase (a blank stands for any white space or underscore) -> what to write.
WORDS = {
    "whom": "name the host, task or caller",
    "nobody": "no peer, no task, no caller",
    "somebody": "a peer, a task, a caller",
    "anybody": "any host, any task",
    "for ever": "permanently, without limit",
    "anew": "again; name what is rebuilt",
    "time-outs?": "timeout",
    "(is|are|be) told": "is notified; say of what and by which call",
    "goes? again": "is retransmitted",
    "sent once more": "is retransmitted",
    "ask(s|ed)? back": "is answered with a challenge ACK",
    "on its way": "in flight",
    "under way": "in flight, pending",
    "is a lie": "is invalid",
    "is (not )?believed": "is accepted, is ignored",
    "patience": "timeout, limit",
    "says? nothing": "has no effect, has no meaning",
    "out of its mind": "invalid",
    "to hear of": "to be notified of",
    "makes sure of": "checks",
    "asked again": "is retransmitted, is probed again",
    "at hand": "available; name which",
    "by need": "on demand",
    "deeds?": "operation",
    "everybody": "all hosts, all tasks; the broadcast address",
    "goodbyes?": "FIN; the end of the connection",
    "hears?": "receives",
    "(is|be) had": "exists; is available",
    "lately": "recently",
    "lets? go of": "releases",
    "obey(s|ed)?": "follows, applies",
    "spoilt": "corrupted",
    "strangers?": "another host, an attacker",
    "what (is|was) (said|told)": "name the message or the value",
    "whoever": "a client that, a task that",
    "wish(es|ed)?": "request, import",
    "without a word": "silently",
}
FOLDERS = ("boards", "docs", "host", "port", "stack", "tests", "unikernels")
LEFT_OUT = (
    "host/check/wording.py",  # names the words
    "tests/host/test_wording.py",
    "port/patches",  # text of MicroPython beside ours
    "port/overlay",
    "tests/compat",  # programs in various styles
    "docs/conformance.md",  # generated
    "tests/fuzz/corpus",
)
SUFFIXES = (".py", ".md", ".c", ".h", ".S", ".toml")
PATTERNS = {
    re.compile(r"(?<![a-zA-Z])" + word.replace(" ", r"[\s_]+") + r"(?![a-zA-Z])", re.IGNORECASE): better
    for word, better in WORDS.items()
}
C_TOKENS = re.compile(r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL)
MARKDOWN_CODE = re.compile(r"```.*?```|`[^`\n]*`|^(?: {4}|\t)[^\n]*$", re.DOTALL | re.MULTILINE)
TOML_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)

Prose = Iterator[tuple[int, str]]


def of_python(text: str) -> Prose:
    """Yield (line, text) of comments, docstrings and names of tests; adjacent comment lines are one text."""
    start, last = 1, -1
    lines: list[str] = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT:
            continue
        if token.start[0] != last + 1:
            yield start, "\n".join(lines)
            start, lines = token.start[0], []
        last = token.start[0]
        lines.append(token.string.lstrip("# "))
    yield start, "\n".join(lines)
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Expr(value=ast.Constant(value=str(docstring))):
                yield node.lineno, docstring
            case ast.FunctionDef(name=name) if name.startswith("test_"):
                yield node.lineno, name


def of_c(text: str) -> Prose:
    """Yield (line, text) of comments; adjacent `//` lines are one text."""
    start, last = 1, -1
    lines: list[str] = []
    for token in C_TOKENS.finditer(text):
        if token[0][0] != "/":
            continue
        line = text.count("\n", 0, token.start()) + 1
        if line != last + 1:
            yield start, "\n".join(lines)
            start, lines = line, []
        last = line + token[0].count("\n")
        lines.append(token[0].lstrip("/* "))
    yield start, "\n".join(lines)


def of_markdown(text: str) -> Prose:
    """Yield the text without code."""
    yield 1, MARKDOWN_CODE.sub(lambda code: "\n" * code[0].count("\n"), text)


def of_toml(text: str) -> Prose:
    for comment in TOML_COMMENT.finditer(text):
        yield text.count("\n", 0, comment.start()) + 1, comment[0].lstrip(" #\n")


READERS = {".py": of_python, ".md": of_markdown, ".toml": of_toml}


def complaints(path: Path, text: str) -> Iterator[str]:
    """Yield a line for each refused word in the prose of a file."""
    for start, prose in READERS.get(path.suffix, of_c)(text):
        for pattern, better in PATTERNS.items():
            for found in pattern.finditer(prose):
                line = start + prose.count("\n", 0, found.start())
                yield f"{shown(path)}:{line}: '{' '.join(found[0].split())}': {better}"


def files(root: Path = ROOT) -> Iterator[Path]:
    """Yield the files that are checked."""
    yield from root.glob("*.md")
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            name = str(path.relative_to(root))
            if path.suffix in SUFFIXES and path.is_file() and not name.startswith(LEFT_OUT):
                yield path


def check() -> str:
    """Return the complaints about all files, or nothing."""
    return "\n".join(complaint for path in files() for complaint in complaints(path, path.read_text()))
