"""Positional-only parameters: they get names that no call can have, and their own ones in the first line.

def f(a, /, b): ...   ->   def f(_a__1, b): a = _a__1; ...
"""

import ast

from host.build.lower.scope import Pass, after_docstring, assign, at, load


class Parameters(Pass):
    needs = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        self.generic_visit(node)
        renamed = self.renamed(node.args)
        start = after_docstring(node.body)
        like = node.body[start] if start < len(node.body) else node
        node.body[start:start] = [assign(own, load(new), like) for own, new in renamed]
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = function

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        """Rename positional-only parameters: the body becomes that of an inner lambda with the original
        names."""
        self.generic_visit(node)
        renamed = self.renamed(node.args)
        if renamed:
            inner = ast.arguments([], [ast.arg(own) for own, _ in renamed], None, [], [], None, [])
            call = ast.Call(ast.Lambda(inner, node.body), [load(new) for _, new in renamed], [])
            node.body = at(node.body, call)
        return node

    def renamed(self, arguments: ast.arguments) -> list[tuple[str, str]]:
        """Make the parameters plain ones. Returns pairs of original and new name."""
        if not arguments.posonlyargs:
            return []
        self.context.changes += 1
        only, arguments.posonlyargs = arguments.posonlyargs, []
        arguments.args = only + arguments.args
        if arguments.kwarg is None and only[0].arg in ("self", "cls"):
            only = only[1:]  # methods are not called with self=
        result = [(each.arg, self.context.fresh(each.arg)) for each in only]
        for each, (_, new) in zip(only, result, strict=True):
            each.arg = new
        return result
