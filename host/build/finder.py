"""The import statements of one module, and the imports that it makes by name."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from host.build import conditions

# A program that catches one of these can do without the import.
CAUGHT = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
# Functions that import a module by name.
CALLS = {"__import__", "import_module", "import_fresh_module"}
# Names that import modules when a program uses them, and the modules.
LAZY = {
    **{
        f"collections.{name}": "collections.users"
        for name in ("ChainMap", "UserDict", "UserList", "UserString")
    },
    "collections.abc": "collections.abc",
    "contextlib.chdir": "os",
    "typing.AsyncContextManager": "contextlib",
    "typing.ContextManager": "contextlib",
    "typing.Match": "re",
    "typing.Pattern": "re",
    "unittest.IsolatedAsyncioTestCase": "unittest.async_case",
}
NAMED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*(:\w+)?$")  # module.name, or module:attribute


@dataclass(frozen=True)
class Import:
    """One name that an import statement requires, in full; `*` in it stands for what only the run tells."""

    name: str
    line: int
    is_tried: bool = False  # optional: the program handles its absence
    is_part: bool = False  # of `from package import part`: may be any name of the package
    is_late: bool = False  # in a function or a handler: the module around it can be imported without
    is_text: bool = False  # a text that names a module, for programs that import by name


def package_of(path: str) -> list[str]:
    """Return the package from which relative imports of the module start."""
    return path.split("/")[:-1]


class Finder(ast.NodeVisitor):
    """Collects the imports of one module."""

    def __init__(self, path: str) -> None:
        self.package = package_of(path)
        self.imports: list[Import] = []
        self.tried = self.late = False
        self.aliases: dict[str, str] = {}
        self.texts: dict[str, str] = {}  # constants of the module

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and NAMED.match(node.value):
            name = node.value.partition(":")[0]
            self.imports.append(Import(name, node.lineno, True, True, True, True))

    def add(self, name: str, node: ast.AST, is_part: bool = False) -> None:
        self.imports.append(Import(name, getattr(node, "lineno", 0), self.tried, is_part, self.late))

    def visit_Module(self, node: ast.Module) -> None:
        for each in node.body:
            if isinstance(each, ast.Assign) and isinstance(each.value, ast.Constant):
                names = [target.id for target in each.targets if isinstance(target, ast.Name)]
                self.texts |= {name: each.value.value for name in names if isinstance(each.value.value, str)}
        self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        for each in node.names:
            self.add(each.name, node)
            if each.asname:
                self.aliases[each.asname] = each.name

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        base = self.package[: len(self.package) + 1 - node.level] if node.level else []
        name = ".".join([*base, *([node.module] if node.module else [])])
        if name == "__future__":
            return
        if name:
            self.add(name, node)
        for each in node.names:
            if each.name != "*":
                self.add(f"{name}.{each.name}" if name else each.name, node, is_part=True)
                self.lazy(f"{name}.{each.name}", node)

    def lazy(self, name: str, node: ast.AST) -> None:
        if name in LAZY:
            self.add(LAZY[name], node, is_part=True)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if isinstance(node.value, ast.Name):
            self.lazy(f"{self.aliases.get(node.value.id, node.value.id)}.{node.attr}", node)
        self.generic_visit(node)

    def visit_Try(self, node: ast.Try) -> None:
        is_caught = any(map(catches, node.handlers))
        outer, self.tried = self.tried, self.tried or is_caught
        for statement in node.body:
            self.visit(statement)
        self.tried = outer
        late, self.late = self.late, self.late or is_caught
        for handler in node.handlers:
            self.visit(handler)
        self.late = late
        for other in (*node.orelse, *node.finalbody):
            self.visit(other)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        late, self.late = self.late, True
        self.generic_visit(node)
        self.late = late

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_If(self, node: ast.If) -> None:
        value = conditions.value(node.test)
        if value is None:
            self.visit(node.test)
        for statement in [*(node.body if value is not False else ()), *(node.orelse if not value else ())]:
            self.visit(statement)

    def visit_Call(self, node: ast.Call) -> None:
        called = ast.unparse(node.func).split(".")[-1]
        if called in CALLS and node.args:
            self.by_name(node)
        if called == "filterwarnings" and has_pattern(node):
            self.add("re", node)
        self.generic_visit(node)

    def by_name(self, node: ast.Call) -> None:
        """Add what import_module() and the like import: `*` stands for what is known at run time only."""
        name = "".join(pieces(node.args[0], self.texts))
        if name.startswith("."):
            dots = len(name) - len(name.lstrip("."))
            name = ".".join([*self.package[: len(self.package) + 1 - dots], name.lstrip(".")])
        if "*" not in name:
            if isinstance(node.args[0], ast.Constant):  # "a" + "b" is written so on purpose
                self.add(name, node)
        else:
            known = "." in name.partition("*")[0]
            self.add(name if known else "*", node, is_part=True)


def pieces(node: ast.expr, known: Mapping[str, str]) -> Iterator[str]:
    """Yield the constant parts of a text, and `*` for the others. `known`: constants of the module."""
    if isinstance(node, ast.JoinedStr):
        for each in node.values:
            yield from pieces(each, known)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from pieces(node.left, known)
        yield from pieces(node.right, known)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Name) and node.id in known:
        yield known[node.id]
    elif (parts := joined(node)) is not None:
        yield ".".join("".join(pieces(each, known)) for each in parts)
    else:
        yield "*"


def joined(node: ast.expr) -> list[ast.expr] | None:
    """Return the parts of ".".join([...])."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "'.'.join" and len(node.args) == 1:
        return node.args[0].elts if isinstance(node.args[0], (ast.List, ast.Tuple)) else None
    return None


def has_pattern(call: ast.Call) -> bool:
    """Whether this call of warnings.filterwarnings() compares messages or modules."""
    return len(call.args) > 1 or any(each.arg in ("message", "module") for each in call.keywords)


def catches(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(ast.unparse(kind) in CAUGHT for kind in kinds)
