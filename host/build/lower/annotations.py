"""Annotations: kept in classes, where programs read them; dropped everywhere else.

dataclasses, NamedTuple and the like read __annotations__ of a class. Annotations of functions cost memory
and are rarely read. `from __future__` is dropped too, because nothing depends on it any more."""

import ast

from host.build.lower.scope import Pass, after_docstring, at, load, store

ANNOTATIONS = "__annotations__"


class Annotations(Pass):
    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]
        self.in_class = False

    def visit_Module(self, node: ast.Module) -> ast.Module:
        for statement in node.body:
            if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
                self.context.changes += 1
                names = {each.name for each in statement.names}
                self.context.future_annotations |= "annotations" in names
        node.body = self.statements(node.body)
        return node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.ImportFrom | None:
        return None if node.module == "__future__" else node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        outer, self.in_class = self.in_class, True
        node.body = self.statements(node.body)
        self.in_class = outer
        if any(isinstance(each, ast.Subscript) and is_annotation(each) for each in targets(node.body)):
            self.context.changes += 1
            start = after_docstring(node.body)
            like = node.body[start]
            node.body.insert(start, at(like, ast.Assign([store(ANNOTATIONS)], ast.Dict([], []))))
        return node

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        outer, self.in_class = self.in_class, False
        node.body = self.statements(node.body)
        self.in_class = outer
        if not is_viper(node):
            node.returns = None
            for each in ast.walk(node.args):
                if isinstance(each, ast.arg):
                    each.annotation = None
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = function

    def visit_AnnAssign(self, node: ast.AnnAssign) -> list[ast.stmt]:
        """Keep the assignment, if any, and in a class the entry. The annotation of a local is not
        evaluated."""
        result: list[ast.stmt] = []
        if node.value is not None:
            result.append(at(node, ast.Assign([node.target], node.value)))
        if self.in_class and node.simple and isinstance(node.target, ast.Name):
            value = node.annotation
            if self.context.future_annotations:
                value = ast.Constant(ast.unparse(value))
            entry = ast.Subscript(load(ANNOTATIONS), ast.Constant(node.target.id), ast.Store())
            result.append(at(node, ast.Assign([entry], value)))
        if not self.in_class and isinstance(node.target, ast.Name) and node.value is None:
            node.annotation = at(node, ast.Constant(0))  # its only effect is to make the name local
            return [node]
        self.context.changes += self.in_class
        return result or [at(node, ast.Pass())]


def is_viper(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether its annotations are machine types (@micropython.viper)."""
    return any(ast.unparse(each).startswith("micropython.") for each in node.decorator_list)


def targets(body: list[ast.stmt]) -> list[ast.expr]:
    """Return the targets of a block's assignments, including those in conditional statements."""
    nodes = [each for statement in body for each in ast.walk(statement) if isinstance(each, ast.Assign)]
    return [each.targets[0] for each in nodes]


def is_annotation(node: ast.Subscript) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == ANNOTATIONS
