"""A name that := assigns in a comprehension is local to the function around it. mpy-cross sees that too late,
when it has compiled what stands before: an annotation without a value makes the name local from the start.

def f(): return x, [x := 1 for _ in "a"]   ->   def f(): x: 0; return x, [x := 1 for _ in "a"]
"""

import ast

from host.build.lower.scope import COMPREHENSIONS, Pass, after_docstring, at, own_nodes, store

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Walrus(Pass):
    needs = (ast.NamedExpr,)

    def function(self, node: Function) -> Function:
        self.generic_visit(node)
        names = assigned_inside(node)
        start = after_docstring(node.body)
        like = node.body[min(start, len(node.body) - 1)]
        made = [ast.AnnAssign(store(name), ast.Constant(0), None, 1) for name in sorted(names)]
        node.body[start:start] = [self.lowered(like, at(like, each)) for each in made]
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = function


def assigned_inside(function: Function) -> set[str]:
    """Return the names that := assigns in comprehensions of the function, but for those that it declares."""
    nodes = [each for statement in function.body for each in (statement, *own_nodes(statement))]
    inside = [each for node in nodes if isinstance(node, COMPREHENSIONS) for each in own_nodes(node)]
    names = {each.target.id for each in inside if isinstance(each, ast.NamedExpr)}
    for each in nodes:
        if isinstance(each, ast.Global | ast.Nonlocal):
            names.difference_update(each.names)
    return names - {each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)}
