"""What the passes share: fresh names, nodes with a place in the user's file, the module of helpers."""

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

HELPERS = "_lowered"  # stack/std/_lowered.py
Node = TypeVar("Node", bound=ast.AST)
# What begins a scope of names of its own.
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass
class Context:
    """Of one module: what the passes found and made."""

    changes: int = 0  # constructs that were lowered
    helpers: bool = False  # whether the result calls them
    future_annotations: bool = False
    _names: dict[str, int] = field(default_factory=dict)

    def fresh(self, purpose: str) -> str:
        """A name that no program has."""
        number = self._names[purpose] = self._names.get(purpose, 0) + 1
        return f"_{purpose}__{number}"

    def call(self, helper: str, arguments: Iterable[ast.expr], like: ast.AST) -> ast.Call:
        """_lowered.helper(arguments), where `like` stands."""
        self.helpers = True
        function = ast.Attribute(load(HELPERS), helper, ast.Load())
        return at(like, ast.Call(function, list(arguments), []))


class Pass(ast.NodeTransformer):
    """One construct, taken out of a module."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def lowered(self, like: ast.AST, made: Node) -> Node:
        """`made` takes the place of `like`."""
        self.context.changes += 1
        return at(like, made)

    def statements(self, body: Sequence[ast.stmt]) -> list[ast.stmt]:
        """A block, each of its statements visited."""
        result: list[ast.stmt] = []
        for statement in body:
            made = self.visit(statement)
            if isinstance(made, list):
                result += made
            elif made is not None:
                result.append(made)
        return result


def load(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def store(name: str) -> ast.Name:
    return ast.Name(name, ast.Store())


def at(like: ast.AST, node: Node) -> Node:
    """The node, and all in it that has no place yet, at the place of `like`."""
    line = getattr(like, "lineno", 1)
    pending: list[ast.AST] = [node]
    while pending:
        each = pending.pop()
        if "lineno" in each._attributes and not hasattr(each, "lineno"):
            each.lineno = each.end_lineno = line  # type: ignore[attr-defined]
            each.col_offset = each.end_col_offset = getattr(like, "col_offset", 0)  # type: ignore[attr-defined]
            pending.extend(ast.iter_child_nodes(each))
        elif "lineno" not in each._attributes:
            pending.extend(ast.iter_child_nodes(each))
    return node


def assign(name: str, value: ast.expr, like: ast.AST) -> ast.Assign:
    return at(like, ast.Assign([store(name)], value))


def walrus(name: str, value: ast.expr) -> ast.NamedExpr:
    return ast.NamedExpr(store(name), value)


def both(conditions: Sequence[ast.expr]) -> ast.expr:
    """All of them; True if there are none."""
    if not conditions:
        return ast.Constant(True)
    return conditions[0] if len(conditions) == 1 else ast.BoolOp(ast.And(), list(conditions))


def own_nodes(node: ast.AST) -> Iterable[ast.AST]:
    """The nodes below that run in the same scope: bodies of functions, lambdas and classes are left out."""
    pending = list(ast.iter_child_nodes(node))
    while pending:
        each = pending.pop()
        yield each
        if not isinstance(each, SCOPES):
            pending.extend(ast.iter_child_nodes(each))


def after_docstring(body: Sequence[ast.stmt]) -> int:
    """Where the first statement may be put."""
    first = body[0] if body else None
    is_docstring = (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    )
    return int(is_docstring)
