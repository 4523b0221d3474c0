"""Write a module's tree as source for mpy-cross, each statement and expression on its line of the user's
file.

Where that is impossible a comment `#@line N` gives the number of the next line (port/patches/0302), so
that tracebacks refer to the user's file."""

import ast
from typing import Any

ast.unparse(ast.Pass())  # needed from Python 3.14 on to load _Unparser
Unparser: Any = ast._Unparser  # type: ignore[attr-defined]


class Emitter(Unparser):  # type: ignore[misc]
    """The unparser of the standard library, which does not keep lines."""

    def __init__(self) -> None:
        super().__init__()
        self.line = 1  # the line being written
        self.wanted = 0  # the line of the next statement
        self.indented = False  # whether of the statement nothing but the indentation is written

    def visit_Module(self, node: ast.Module) -> None:
        self.write("# Made by host/lower.")
        super().visit_Module(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        """Write a, b = b, a without the parentheses that make mpy-cross build a tuple."""
        self.set_precedence(ast._Precedence.TUPLE, node.value)  # type: ignore[attr-defined]
        super().visit_Assign(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """Write (1.5).hex with parentheses: mpy-cross reads 1.5.hex as one number."""
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, int | float | complex):
            with self.delimit("(", ")"):
                self.traverse(node.value)
            self.write(f".{node.attr}")
        else:
            super().visit_Attribute(node)

    def write(self, *texts: str) -> None:
        super().write(*texts)
        self.indented = False
        self.line += sum(text.count("\n") for text in texts)

    def traverse(self, node: Any) -> None:
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.stmt | ast.ExceptHandler):
            self.wanted = line
            for decorator in getattr(node, "decorator_list", ()):
                self.wanted = min(self.wanted, decorator.lineno)
        elif isinstance(node, ast.expr) and line > self.line and not self.indented:
            self.write("\\\n" * (line - self.line))
        super().traverse(node)

    def fill(self, text: str = "", **options: Any) -> None:
        """Start a line."""
        wanted, self.wanted = self.wanted, 0
        if wanted > self.line + 1 and wanted < self.line + 5:
            self.write("\n" * (wanted - self.line - 1))
        if wanted and wanted != self.line + 1:
            self.write(f"\n#@line {wanted}")
            self.line = wanted - 1
        super().fill(text, **options)
        self.indented = not text


def emit(tree: ast.Module) -> str:
    text: str = Emitter().visit(tree)
    return text + "\n"
