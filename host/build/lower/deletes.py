"""del (a, b), [c]: delete one target after the other."""

import ast
from collections.abc import Iterator

from host.build.lower.scope import Pass, at


def targets(nodes: list[ast.expr]) -> Iterator[ast.expr]:
    for node in nodes:
        if isinstance(node, ast.Tuple | ast.List):
            yield from targets(node.elts)
        else:
            yield node


class Deletes(Pass):
    needs = (ast.Delete,)

    def visit_Delete(self, node: ast.Delete) -> ast.stmt:
        self.generic_visit(node)
        if not any(isinstance(each, ast.Tuple | ast.List) for each in node.targets):
            return node
        flat = list(targets(node.targets))
        return self.lowered(node, ast.Delete(flat)) if flat else self.lowered(node, at(node, ast.Pass()))
