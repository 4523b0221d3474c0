"""Shared by all passes: fresh names, nodes with a location, the module of helpers."""

import ast
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

HELPERS = "_lowered"  # stack/std/_lowered.py
Node = TypeVar("Node", bound=ast.AST)
# Nodes that open a scope.
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
LEAVES = (
    ast.Constant,
    ast.Name,
    ast.expr_context,
    ast.operator,
    ast.unaryop,
    ast.cmpop,
    ast.boolop,
    ast.Pass,
    ast.alias,
)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass
class Context:
    """The state of the passes over one module."""

    changes: int = 0  # number of constructs lowered
    helpers: bool = False  # whether the result calls helpers
    future_annotations: bool = False
    _names: dict[str, int] = field(default_factory=dict)

    def fresh(self, purpose: str) -> str:
        """Return a name that no program uses."""
        number = self._names[purpose] = self._names.get(purpose, 0) + 1
        return f"_{purpose}__{number}"

    def call(self, helper: str, arguments: Iterable[ast.expr], like: ast.AST) -> ast.Call:
        """Build the call _lowered.helper(arguments) at the location of `like`."""
        self.helpers = True
        function = ast.Attribute(load(HELPERS), helper, ast.Load())
        return at(like, ast.Call(function, list(arguments), []))


class Pass(ast.NodeTransformer):
    """A pass that lowers one construct of a module."""

    needs: ClassVar[tuple[type[ast.AST], ...]] = ()  # in a tree without these nodes it finds nothing

    def __init__(self, context: Context) -> None:
        self.context = context
        self.methods: dict[type[ast.AST], Callable[[Any], Any]] = {}

    def visit(self, node: ast.AST) -> Any:
        """Visit a node, as NodeTransformer does it, but faster: all passes visit all nodes."""
        kind = type(node)
        method = self.methods.get(kind)
        if method is None:
            otherwise = itself if issubclass(kind, LEAVES) else self.generic_visit
            method = self.methods[kind] = getattr(self, f"visit_{kind.__name__}", otherwise)
        return method(node)

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                value[:] = self.items(value)
            elif isinstance(value, ast.AST):
                made = self.visit(value)
                if made is None:
                    delattr(node, name)
                elif made is not value:
                    setattr(node, name, made)
        return node

    def items(self, nodes: Sequence[Any]) -> list[Any]:
        """Visit the items of a list: each may become none or several."""
        result: list[Any] = []
        for each in nodes:
            made = self.visit(each) if isinstance(each, ast.AST) else each
            if isinstance(made, ast.AST) or made is each:
                result.append(made)
            elif made is not None:
                result += made
        return result

    def lowered(self, like: ast.AST, made: Node) -> Node:
        """Replace `like` by `made`."""
        self.context.changes += 1
        return at(like, made)

    def statements(self, body: Sequence[ast.stmt]) -> list[ast.stmt]:
        """Visit the statements of a block."""
        return self.items(body)


def itself(node: ast.AST) -> ast.AST:
    return node


def load(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def store(name: str) -> ast.Name:
    return ast.Name(name, ast.Store())


def at(like: ast.AST, node: Node) -> Node:
    """Set the location of `like` on the node and its children that have none."""
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
    """Return the conjunction of all; True if there are none."""
    if not conditions:
        return ast.Constant(True)
    return conditions[0] if len(conditions) == 1 else ast.BoolOp(ast.And(), list(conditions))


def own_nodes(node: ast.AST) -> Iterable[ast.AST]:
    """Yield the nodes of the same scope: without bodies of functions, lambdas and classes."""
    pending = list(ast.iter_child_nodes(node))
    while pending:
        each = pending.pop()
        yield each
        if not isinstance(each, SCOPES):
            pending.extend(ast.iter_child_nodes(each))


def after_docstring(body: Sequence[ast.stmt]) -> int:
    """Return the index of the first statement after the docstring."""
    first = body[0] if body else None
    is_docstring = (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    )
    return int(is_docstring)
