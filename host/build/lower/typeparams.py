"""Type parameters (PEP 695), where the host's Python parses them: names of their class or function.

class A[T]: ...   ->   _T__1 = _lowered.TypeVar("T"); class A(_lowered.Generic): ... with _T__1 for T
type X = int      ->   X = _lowered.TypeAlias("X", lambda: int)
"""

import ast

from host.build.lower.scope import Pass, assign, at, load

Parametrized = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Rename(ast.NodeTransformer):
    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self.names.get(node.id, node.id)
        return node


class TypeParameters(Pass):
    def parameters(self, node: ast.AST) -> tuple[list[ast.stmt], dict[str, str]]:
        """Return the definitions of the type parameters, and their new names."""
        definitions: list[ast.stmt] = []
        names: dict[str, str] = {}
        for each in getattr(node, "type_params", ()):
            names[each.name] = self.context.fresh(each.name)
            call = self.context.call("TypeVar", [ast.Constant(each.name)], each)
            definitions.append(assign(names[each.name], call, node))
        return definitions, names

    def parametrized(self, node: Parametrized) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        definitions, names = self.parameters(node)
        if not definitions:
            return node
        self.context.changes += 1
        node.type_params = []  # type: ignore[attr-defined, union-attr, unused-ignore]
        Rename(names).visit(node)
        if isinstance(node, ast.ClassDef):
            node.bases.append(at(node, ast.Attribute(load("_lowered"), "Generic", ast.Load())))
        return [*definitions, node]

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = parametrized

    def visit_TypeAlias(self, node: ast.AST) -> list[ast.stmt]:
        definitions, names = self.parameters(node)
        target: ast.Name = node.name  # type: ignore[attr-defined]
        nothing = ast.arguments([], [], None, [], [], None, [])
        value = ast.Lambda(nothing, Rename(names).visit(node.value))  # type: ignore[attr-defined]
        call = self.context.call("TypeAlias", [ast.Constant(target.id), value], node)
        self.context.changes += 1
        return [*definitions, assign(target.id, call, node)]
