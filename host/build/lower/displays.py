"""Displays that unpack ([*a, b], {*a}, (*a, b), a[*b], return a, *b, {**a}) become calls, which can
unpack.

A call unpacks when all its arguments have been evaluated, a display as it goes along: what is unpacked before
code that could notice is unpacked by a call of its own. mpy-cross evaluates a value before its key: where
both call something, they are arguments of a call, too."""

import ast

from host.build.lower.scope import Pass, at

CALLS = (ast.Call, ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)
HELPER = {ast.List: "list_of", ast.Tuple: "tuple_of", ast.Set: "set_of"}


def acts(node: ast.expr) -> bool:
    """Whether evaluating this may have effects or raise exceptions."""
    return not isinstance(node, (ast.Constant, ast.Name))


def calls(node: ast.expr | None) -> bool:
    """Whether evaluating this calls something."""
    return node is not None and any(isinstance(each, CALLS) for each in ast.walk(node))


class Displays(Pass):
    needs = (ast.Starred, ast.Dict, ast.DictComp)

    def display(self, node: ast.List | ast.Tuple | ast.Set) -> ast.expr:
        self.generic_visit(node)
        stars = any(isinstance(each, ast.Starred) for each in node.elts)
        if not stars or not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            return node
        parts: list[ast.expr] = []
        for number, each in enumerate(node.elts, 1):
            if isinstance(each, ast.Starred) and any(map(acts, node.elts[number:])):
                each = ast.Starred(self.context.call("tuple_of", [each], node), ast.Load())
            parts.append(each)
        return self.lowered(node, self.context.call(HELPER[type(node)], parts, node))

    visit_List = visit_Tuple = visit_Set = display

    def visit_Dict(self, node: ast.Dict) -> ast.expr:
        self.generic_visit(node)
        if None not in node.keys:
            if not any(
                calls(key) and calls(value) for key, value in zip(node.keys, node.values, strict=True)
            ):
                return node
            items = [each for pair in zip(node.keys, node.values, strict=True) for each in pair]
            return self.lowered(node, self.context.call("dict_in_order", items, node))  # type: ignore[arg-type]
        parts: list[ast.expr] = []
        plain: ast.Dict | None = None  # items since the last mapping
        for number, (key, value) in enumerate(zip(node.keys, node.values, strict=True), 1):
            if key is None:
                rest = [*filter(None, node.keys[number:]), *node.values[number:]]
                early = any(map(acts, rest))
                parts.append(self.context.call("dict_of", [value], node) if early else value)
                plain = None
                continue
            if plain is None:
                plain = ast.Dict([], [])
                parts.append(plain)
            plain.keys.append(key)
            plain.values.append(value)
        return self.lowered(node, self.context.call("dict_of", parts, node))

    def visit_DictComp(self, node: ast.DictComp) -> ast.expr:
        self.generic_visit(node)
        if not (calls(node.key) and calls(node.value)):
            return node
        pair = at(node, ast.Tuple([node.key, node.value], ast.Load()))
        pairs = at(node, ast.ListComp(pair, node.generators))
        return self.lowered(node, self.context.call("dict_of_pairs", [pairs], node))
