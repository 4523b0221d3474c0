"""Decorators that are expressions (@table["key"], @(lambda f: f), @a or b) are wrapped in a call, which
the grammar allows."""

import ast

from host.build.lower.scope import Pass


def is_plain(node: ast.expr) -> bool:
    """Whether this is a dotted name, or a call of one."""
    if isinstance(node, ast.Call):
        node = node.func
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


class Decorators(Pass):
    needs = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

    def decorated(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    ) -> ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef:
        self.generic_visit(node)
        for index, each in enumerate(node.decorator_list):
            if not is_plain(each):
                node.decorator_list[index] = self.lowered(each, self.context.call("itself", [each], each))
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = decorated
