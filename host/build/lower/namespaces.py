"""locals(), vars() and dir() in functions: the names that are bound then, where a function calls one of them
by name.

def f(a): b = 1; return locals()   ->   ... return _lowered.namespace(a=lambda: a, b=lambda: b)

A name without a value is left out, as on CPython; the dictionary is a new one each time.
"""

import ast
from collections.abc import Iterator

from host.build.lower.scope import COMPREHENSIONS, SCOPES, Pass, at, load

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
CALLS = {"locals", "vars", "dir"}


def is_call(node: ast.AST) -> bool:
    """Whether this is locals(), vars() or dir() without arguments."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in CALLS
        and not (node.args or node.keywords)
    )


class Namespaces(Pass):
    needs = (ast.Call,)

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]
        self.names: list[str] | None = None  # of the function around; None in modules and classes

    def function(self, node: Function) -> ast.AST:
        outer, self.names = self.names, names_of(node)
        self.generic_visit(node)
        self.names = outer
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_Lambda = function

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        outer, self.names = self.names, None
        self.generic_visit(node)
        self.names = outer
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if not is_call(node):
            return node
        assert isinstance(node.func, ast.Name)
        if self.names is None:
            return node if node.func.id == "dir" else self.lowered(node, ast.Call(load("locals"), [], []))
        nothing = ast.arguments([], [], None, [], [], None, [])
        call = self.context.call("namespace", [], node)
        call.keywords = [ast.keyword(name, ast.Lambda(nothing, load(name))) for name in self.names]
        made: ast.expr = call if node.func.id != "dir" else ast.Call(load("sorted"), [call], [])
        return self.lowered(node, at(node, made))


def names_of(function: Function) -> list[str]:
    """Return the names of a function's own scope, in the order in which they stand there."""
    arguments = function.args
    every = [
        *arguments.posonlyargs,
        *arguments.args,
        *arguments.kwonlyargs,
        arguments.vararg,
        arguments.kwarg,
    ]
    names = [each.arg for each in every if each is not None]
    outside: set[str] = set()
    body = function.body if isinstance(function.body, list) else [function.body]
    for statement in body:
        for node in own(statement):
            if isinstance(node, ast.Global):
                outside.update(node.names)
            names += bound(node)
    return [name for name in dict.fromkeys(names) if name not in outside]


def own(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of this scope in their order. Of a comprehension only what := assigns belongs to it."""
    yield node
    if isinstance(node, COMPREHENSIONS):
        yield from (each for each in ast.walk(node) if isinstance(each, ast.NamedExpr))
    elif not isinstance(node, SCOPES):
        for child in ast.iter_child_nodes(node):
            yield from own(child)


def bound(node: ast.AST) -> list[str]:
    """Return the names that this node itself binds."""
    if isinstance(node, ast.Name):
        return [] if isinstance(node.ctx, ast.Load) else [node.id]
    if isinstance(node, ast.NamedExpr):
        return [node.target.id]
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
        return [] if node.name is None else [node.name]
    if isinstance(node, ast.MatchMapping):
        return [] if node.rest is None else [node.rest]
    if isinstance(node, ast.alias):
        return [] if node.name == "*" else [node.asname or node.name.partition(".")[0]]
    return list(node.names) if isinstance(node, ast.Nonlocal) else []
