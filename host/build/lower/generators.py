"""Asynchronous generators (PEP 525): yielded values are marked, so that they differ from awaited ones.

async def f(): yield 1   ->   @_lowered.async_generator
                              async def f(): yield _lowered.Yielded(1)
"""

import ast

from host.build.lower.scope import HELPERS, SCOPES, Pass, at, load, own_nodes


class Generators(Pass):
    needs = (ast.AsyncFunctionDef,)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AsyncFunctionDef:
        self.generic_visit(node)
        if any(isinstance(each, ast.Yield) for statement in node.body for each in nodes(statement)):
            Marks(self.context).mark(node)
            helper = ast.Attribute(load(HELPERS), "async_generator", ast.Load())
            self.context.helpers = True
            node.decorator_list.append(self.lowered(node, helper))
        return node


def nodes(statement: ast.stmt) -> list[ast.AST]:
    return [] if isinstance(statement, SCOPES) else [statement, *own_nodes(statement)]


class Marks(Pass):
    """The yields of one function, not of those inside it."""

    def mark(self, node: ast.AsyncFunctionDef) -> None:
        node.body = self.statements(node.body)

    def other_scope(self, node: ast.AST) -> ast.AST:
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_Lambda = visit_ClassDef = other_scope

    def visit_Yield(self, node: ast.Yield) -> ast.Yield:
        self.generic_visit(node)
        value = node.value or at(node, ast.Constant(None))
        node.value = self.context.call("Yielded", [value], node)
        return node
