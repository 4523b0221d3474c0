"""Name mangling: __x in a class is _Class__x, also in its methods and nested functions."""

import ast

from host.build.lower.scope import Pass


class Mangle(Pass):
    needs = (ast.ClassDef,)
    owner = ""  # the innermost class, without leading underscores

    def name(self, name: str) -> str:
        if not self.owner or not name.startswith("__") or name.endswith("__") or "." in name:
            return name
        self.context.changes += 1
        return f"_{self.owner}{name}"

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        for outside in ("decorator_list", "bases", "keywords"):
            setattr(node, outside, [self.visit(each) for each in getattr(node, outside)])
        own = node.name
        node.name = self.name(own)
        outer, self.owner = self.owner, own.lstrip("_")
        node.body = self.statements(node.body)
        self.owner = outer
        return node

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self.name(node.id)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.Attribute:
        self.generic_visit(node)
        node.attr = self.name(node.attr)
        return node

    def named(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        node.name = self.name(node.name)
        return self.generic_visit(node)

    visit_FunctionDef = visit_AsyncFunctionDef = named

    def argument(self, node: ast.arg | ast.keyword) -> ast.AST:
        if node.arg is not None:
            node.arg = self.name(node.arg)
        return self.generic_visit(node)

    visit_arg = visit_keyword = argument

    def scoped(self, node: ast.Global | ast.Nonlocal) -> ast.AST:
        node.names = [self.name(each) for each in node.names]
        return node

    visit_Global = visit_Nonlocal = scoped

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        if node.name is not None:
            node.name = self.name(node.name)
        return self.generic_visit(node)

    def visit_alias(self, node: ast.alias) -> ast.alias:
        if node.asname is not None:
            node.asname = self.name(node.asname)
        elif self.name(node.name) != node.name:
            node.asname = self.name(node.name)
        return node

    def captured(self, node: ast.MatchAs | ast.MatchStar) -> ast.AST:
        if node.name is not None:
            node.name = self.name(node.name)
        return self.generic_visit(node)

    visit_MatchAs = visit_MatchStar = captured
