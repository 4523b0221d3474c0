"""Comprehensions that wait, with `async for` or `await`: each becomes an async function before its statement.

x = [f(y) async for y in z]   ->   async def _comprehension__1(_iterable__1):
                                       _result__1 = []
                                       async for y in _iterable__1:
                                           _result__1.append(f(y))
                                       return _result__1
                                   x = await _comprehension__1(z)
"""

import ast

from host.build.lower.scope import Pass, assign, at, load, own_nodes

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
EMPTY = {ast.ListComp: "list", ast.SetComp: "set", ast.DictComp: "dict"}
ADD = {ast.ListComp: "append", ast.SetComp: "add"}


def waits(node: Comprehension) -> bool:
    """Whether its own code awaits. The first iterable is evaluated outside."""
    first = node.generators[0].iter
    outside = {id(first), *(id(each) for each in own_nodes(first))}
    for each in own_nodes(node):
        if isinstance(each, ast.comprehension) and each.is_async:
            return True
        if isinstance(each, ast.Await) and id(each) not in outside:
            return True
    return False


class Coroutines(Pass):
    """Works statement by statement, because the functions go before the statement that uses them."""

    needs = (ast.AsyncFunctionDef,)

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]
        self.made: list[ast.stmt] = []

    def visit(self, node: ast.AST) -> ast.AST | list[ast.stmt]:
        if not isinstance(node, ast.stmt):
            result: ast.AST = super().visit(node)
            return result
        outer, self.made = self.made, []
        done = super().visit(node)
        before, self.made = self.made, outer
        return [*before, done] if before else done

    def comprehension(self, node: Comprehension) -> ast.expr:
        if not waits(node):
            self.generic_visit(node)
            return node
        function, iterable = self.context.fresh("comprehension"), self.context.fresh("iterable")
        result = self.context.fresh("result")
        is_generator = isinstance(node, ast.GeneratorExp)
        body = [self.innermost(node, result)]
        for position, each in reversed(list(enumerate(node.generators))):
            for condition in reversed(each.ifs):
                body = [ast.If(condition, body, [])]
            source = load(iterable) if position == 0 else each.iter
            loop = ast.AsyncFor if each.is_async else ast.For
            body = [loop(each.target, source, body, [], None)]
        if not is_generator:
            empty = ast.Call(load(EMPTY[type(node)]), [], [])
            body = [assign(result, empty, node), *body, ast.Return(load(result))]
        outside = stored_outside(node)
        if outside:
            body.insert(0, ast.Nonlocal(outside))
            # An empty loop makes the names local to the function without a value.
            self.made += [at(node, binding(name)) for name in outside]
        parameters = ast.arguments([], [ast.arg(iterable)], None, [], [], None, [])
        first = self.visit(node.generators[0].iter)
        definition = at(node, ast.AsyncFunctionDef(function, parameters, body, [], None, None))
        made = self.visit(definition)
        self.made += made if isinstance(made, list) else [made]  # type: ignore[list-item]
        call: ast.expr = ast.Call(load(function), [first], [])  # type: ignore[list-item]
        return self.lowered(node, call if is_generator else ast.Await(call))

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = comprehension

    def innermost(self, node: Comprehension, result: str) -> ast.stmt:
        if isinstance(node, ast.DictComp):
            return ast.Assign([ast.Subscript(load(result), node.key, ast.Store())], node.value)
        if isinstance(node, ast.GeneratorExp):
            return ast.Expr(ast.Yield(node.elt))
        return ast.Expr(ast.Call(ast.Attribute(load(result), ADD[type(node)], ast.Load()), [node.elt], []))


def binding(name: str) -> ast.For:
    return ast.For(ast.Name(name, ast.Store()), ast.Tuple([], ast.Load()), [ast.Pass()], [], None)


def stored_outside(node: Comprehension) -> list[str]:
    """Return the names that := in a comprehension assigns: they belong to the enclosing function."""
    return sorted({each.target.id for each in own_nodes(node) if isinstance(each, ast.NamedExpr)})
