"""A module's tree as text for mpy-cross, each statement and expression on its line of the user's file.

Where the text itself cannot be on its line a comment `#@line N` says which one the next line is
(port/patches/0302): tracebacks name lines of the user's file.
"""

import ast
from typing import Any

ast.unparse(ast.Pass())  # from Python 3.14 on this is what makes _Unparser known
Unparser: Any = ast._Unparser  # type: ignore[attr-defined]


class Emitter(Unparser):  # type: ignore[misc]
    """The standard library's, which has no notion of lines."""

    def __init__(self) -> None:
        super().__init__()
        self.line = 1  # the one that is being written
        self.wanted = 0  # where the next statement belongs

    def visit_Module(self, node: ast.Module) -> None:
        self.write("# Made by host/lower.")
        super().visit_Module(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        """a, b = b, a without the parentheses that would have mpy-cross build a tuple."""
        self.set_precedence(ast._Precedence.TUPLE, node.value)  # type: ignore[attr-defined]
        super().visit_Assign(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """(1.5).hex with parentheses: to mpy-cross all of 1.5.hex is one number."""
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, int | float | complex):
            with self.delimit("(", ")"):
                self.traverse(node.value)
            self.write(f".{node.attr}")
        else:
            super().visit_Attribute(node)

    def write(self, *texts: str) -> None:
        super().write(*texts)
        self.line += sum(text.count("\n") for text in texts)

    def traverse(self, node: Any) -> None:
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.stmt | ast.ExceptHandler):
            self.wanted = line
            for decorator in getattr(node, "decorator_list", ()):
                self.wanted = min(self.wanted, decorator.lineno)
        elif isinstance(node, ast.expr) and line > self.line:
            self.write("\\\n" * (line - self.line))
        super().traverse(node)

    def fill(self, text: str = "", **options: Any) -> None:
        """Begin a line."""
        wanted, self.wanted = self.wanted, 0
        if wanted > self.line + 1 and wanted < self.line + 5:
            self.write("\n" * (wanted - self.line - 1))
        if wanted and wanted != self.line + 1:
            self.write(f"\n#@line {wanted}")
            self.line = wanted - 1
        super().fill(text, **options)


def emit(tree: ast.Module) -> str:
    text: str = Emitter().visit(tree)
    return text + "\n"
