# codeop - whether lines of a program are complete, for interactive interpreters (`code`). The compiler says
# only that they are wrong: what is open at their end decides.

__all__ = ["compile_command", "Compile", "CommandCompiler"]

_PAIRS = {"(": ")", "[": "]", "{": "}"}


def _is_open(source):
    """Whether brackets, a text or a line with a backslash go on, or a block begins, at the end."""
    depth, at, last = 0, 0, ""
    while at < len(source):
        letter = source[at]
        if letter == "#":
            end = source.find("\n", at)
            at = len(source) if end < 0 else end
            continue
        if letter in "\"'":
            quote = letter * 3 if source.startswith(letter * 3, at) else letter
            at += len(quote)
            while at < len(source) and not source.startswith(quote, at):
                if source[at] == "\n" and len(quote) == 1:
                    return False
                at += 2 if source[at] == "\\" else 1
            if at >= len(source):
                return len(quote) == 3
            at += len(quote)
            last = letter
            continue
        if letter == "\\" and not source[at + 1 :].strip():
            return True
        depth += 1 if letter in _PAIRS else -1 if letter in ")]}" else 0
        last = last if letter.isspace() else letter
        at += 1
    return depth > 0 or last in (":", "@")


def _has_code(source):
    return any(line.strip() and line.strip()[0] != "#" for line in source.split("\n"))


def _ends_in_block(source):
    """Whether the last line belongs to a block, which an empty line must end."""
    line = source.rstrip("\n").split("\n")[-1]
    return source[-1:] != "\n" and (line[:1] in (" ", "\t") or line[:1] == "@")


def compile_command(source, filename="<input>", symbol="single", compiler=compile):
    """Return the code of complete lines, None if more must follow. SyntaxError, ValueError, OverflowError."""
    if not _has_code(source) and symbol != "eval":
        source = "pass"
    try:
        code = compiler(source, filename, symbol)
    except SyntaxError:
        if _is_open(source):
            return None
        raise
    if symbol == "single" and _ends_in_block(source) and "\n" in source.strip():
        return None
    return code


class Compile:
    """compile(); a `from __future__` changes nothing."""

    def __init__(self):
        self.flags = 0

    def __call__(self, source, filename, symbol, *flags):
        return compile(source, filename, symbol)


class CommandCompiler:
    """compile_command() as an object."""

    def __init__(self):
        self.compiler = Compile()

    def __call__(self, source, filename="<input>", symbol="single"):
        return compile_command(source, filename, symbol, self.compiler)
