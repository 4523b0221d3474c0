"""Displays that unpack ([*a, b], {*a}, (*a, b), a[*b], return a, *b, {**a}) become calls, which can
unpack."""

import ast

from host.build.lower.scope import Pass

HELPER = {ast.List: "list_of", ast.Tuple: "tuple_of", ast.Set: "set_of"}


class Displays(Pass):
    def display(self, node: ast.List | ast.Tuple | ast.Set) -> ast.expr:
        self.generic_visit(node)
        stars = any(isinstance(each, ast.Starred) for each in node.elts)
        if not stars or not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            return node
        return self.lowered(node, self.context.call(HELPER[type(node)], node.elts, node))

    visit_List = visit_Tuple = visit_Set = display

    def visit_Dict(self, node: ast.Dict) -> ast.expr:
        self.generic_visit(node)
        if None not in node.keys:
            return node
        parts: list[ast.expr] = []
        plain: ast.Dict | None = None  # items since the last mapping
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                parts.append(value)
                plain = None
                continue
            if plain is None:
                plain = ast.Dict([], [])
                parts.append(plain)
            plain.keys.append(key)
            plain.values.append(value)
        return self.lowered(node, self.context.call("dict_of", parts, node))
