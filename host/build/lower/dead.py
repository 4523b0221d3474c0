"""Code under a condition that is a false constant never runs, but its names are local to the function, and
a yield in it makes the function a generator. mpy-cross drops it unseen; a loop over nothing does the same.

def f():                      def f():
    if False: yield    ->         for _dead__1 in (): yield
"""

import ast

from host.build.lower.namespaces import bound, own
from host.build.lower.scope import Pass, at, store


class Dead(Pass):
    needs = (ast.If, ast.While)

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]
        self.in_function = False

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        return self.scope(node, True)

    visit_FunctionDef = visit_AsyncFunctionDef = function

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self.scope(node, False)

    def scope(self, node: ast.AST, is_function: bool) -> ast.AST:
        outer, self.in_function = self.in_function, is_function
        self.generic_visit(node)
        self.in_function = outer
        return node

    def branch(self, node: ast.If | ast.While) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        if not (self.in_function and is_false(node.test) and any(map(matters, node.body))):
            return node
        nothing = ast.Tuple([], ast.Load())
        loop = ast.For(store(self.context.fresh("dead")), nothing, node.body, [], None)
        return [self.lowered(node, at(node, loop)), *node.orelse]

    visit_If = visit_While = branch


def is_false(test: ast.expr) -> bool:
    if isinstance(test, ast.Constant):
        return not test.value
    return isinstance(test, ast.Tuple) and not test.elts


def matters(statement: ast.stmt) -> bool:
    """Whether it binds a name of the function or makes it a generator."""
    return any(bound(each) or isinstance(each, ast.Yield | ast.YieldFrom) for each in own(statement))
