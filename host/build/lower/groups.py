"""except* becomes one handler that asks a helper for the part of the group which each clause takes (PEP 654).

try: ...                      try: ...
except* E as g:        ->     except BaseException as _error__1:
    ...                           _star__1 = _lowered.Star(_error__1)
                                  _group__1 = _star__1.take(E)
                                  if _group__1 is not None:
                                      try: g = _group__1; ...
                                      except BaseException as _raised__1: _star__1.add(_raised__1)
                                      g = None; del g
                                  _star__1.finish()
"""

import ast

from host.build.lower.scope import SCOPES, Context, Pass, assign, at, load


class Groups(Pass):
    needs = (ast.TryStar,)

    def visit_TryStar(self, node: ast.TryStar) -> ast.Try:
        self.generic_visit(node)
        error, star = self.context.fresh("error"), self.context.fresh("star")
        self.context.helpers = True
        body: list[ast.stmt] = [assign(star, self.context.call("Star", [load(error)], node), node)]
        for handler in node.handlers:
            body += clause(handler, star, self.context)
        body.append(at(node.handlers[-1], ast.Expr(method(star, "finish", []))))
        handler = ast.ExceptHandler(load("BaseException"), error, body)
        made = ast.Try(node.body, [at(node.handlers[0], handler)], node.orelse, node.finalbody)
        return self.lowered(node, made)


def method(of: str, name: str, arguments: list[ast.expr]) -> ast.Call:
    return ast.Call(ast.Attribute(load(of), name, ast.Load()), arguments, [])


def clause(handler: ast.ExceptHandler, star: str, context: Context) -> list[ast.stmt]:
    group = context.fresh("group")
    raised = context.fresh("raised")
    assert handler.type is not None
    take = assign(group, method(star, "take", [handler.type]), handler)
    add = ast.ExceptHandler(load("BaseException"), raised, [ast.Expr(method(star, "add", [load(raised)]))])
    body = [Reraise(star).visit(each) for each in handler.body]
    forget: list[ast.stmt] = []
    if handler.name:
        name = handler.name
        body.insert(0, assign(name, load(group), handler))
        forget = [assign(name, ast.Constant(None), handler), ast.Delete([ast.Name(name, ast.Del())])]
    taken = ast.Compare(load(group), [ast.IsNot()], [ast.Constant(None)])
    return [take, at(handler, ast.If(taken, [ast.Try(body, [add], [], []), *forget], []))]


class Reraise(ast.NodeTransformer):
    """Replaces a bare `raise` in a clause by raising its part of the group."""

    def __init__(self, star: str) -> None:
        self.star = star

    def visit_Raise(self, node: ast.Raise) -> ast.Raise:
        return at(node, ast.Raise(method(self.star, "bare_raise", []), None)) if node.exc is None else node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.ExceptHandler:
        return node  # a nested handler's own

    def generic_visit(self, node: ast.AST) -> ast.AST:
        return node if isinstance(node, SCOPES) else super().generic_visit(node)
