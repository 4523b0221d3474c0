"""What a function says of itself: docstring, annotations, qualified name, and what inspect.signature() needs,
for files that ask for them.

mpy-cross drops all of these, and most programs never look: only in a file that names __doc__, __annotations__
or __qualname__ (or what reads them for it) a decorator sets them again.

def f(a: int): "Doc."   ->   @_lowered.described("Doc.", None, {"a": int})
                             def f(a): ...
"""

import ast

from host.build.lower.annotations import is_viper
from host.build.lower.scope import Pass, after_docstring, at, store

ASKS = {
    "__doc__": {"doc"},
    "getdoc": {"doc"},
    "help": {"doc"},
    "__annotations__": {"annotations"},
    "get_type_hints": {"annotations"},
    "get_annotations": {"annotations"},
    "singledispatch": {"annotations"},
    "singledispatchmethod": {"annotations"},
    "signature": {"annotations", "parameters"},
    "getcallargs": {"parameters"},
    "getfullargspec": {"annotations", "parameters"},
    "__qualname__": {"qualname"},
}
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Descriptions(Pass):
    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]
        self.wanted: set[str] = set()
        self.path = ""  # of the qualified names of what stands inside

    def visit_Module(self, node: ast.Module) -> ast.Module:
        for each in ast.walk(node):
            name = (
                each.id
                if isinstance(each, ast.Name)
                else each.attr
                if isinstance(each, ast.Attribute)
                else ""
            )
            if isinstance(each, ast.Constant) and isinstance(each.value, str):
                name = each.value  # getattr(f, "__doc__")
            if name in ASKS:
                self.wanted |= ASKS[name]
        future = [
            each for each in node.body if isinstance(each, ast.ImportFrom) and each.module == "__future__"
        ]
        self.quoted = any(name.name == "annotations" for each in future for name in each.names)
        if self.wanted:
            self.generic_visit(node)
            self.keep_doc(node, len(future))
        return node

    def keep_doc(self, node: ast.Module | ast.ClassDef, later: int = 0) -> None:
        doc = ast.get_docstring(node, clean=False)
        if doc is not None and "doc" in self.wanted:
            made = at(node.body[0], ast.Assign([store("__doc__")], ast.Constant(doc)))
            node.body.insert(after_docstring(node.body) + later, self.lowered(node.body[0], made))

    def inside(self, node: ast.AST, path: str) -> None:
        outer, self.path = self.path, path
        self.generic_visit(node)
        self.path = outer

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        name = self.path + node.name
        self.inside(node, f"{name}.")
        self.keep_doc(node)
        if "qualname" in self.wanted and self.path:
            made = ast.Assign([store("__qualname__")], ast.Constant(name))
            node.body.insert(after_docstring(node.body), self.lowered(node.body[0], made))
        return node

    def function(self, node: Function) -> Function:
        name = self.path + node.name
        self.inside(node, f"{name}.<locals>.")
        if is_viper(node):
            return node
        doc = ast.get_docstring(node, clean=False) if "doc" in self.wanted else None
        qualname = name if "qualname" in self.wanted and self.path else None
        annotations = self.annotations(node) if "annotations" in self.wanted else None
        parameters = parameters_of(node) if "parameters" in self.wanted else None
        if any(each is not None for each in (doc, qualname, annotations, parameters)):
            values: list[ast.expr] = [ast.Constant(doc), ast.Constant(qualname)]
            values.append(annotations or ast.Constant(None))
            values += [] if parameters is None else [parameters]
            node.decorator_list.append(self.lowered(node, self.context.call("described", values, node)))
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = function

    def annotations(self, node: Function) -> ast.Dict | None:
        arguments = node.args
        every = [
            *arguments.posonlyargs,
            *arguments.args,
            arguments.vararg,
            *arguments.kwonlyargs,
            arguments.kwarg,
        ]
        pairs = [
            (each.arg, each.annotation) for each in every if each is not None and each.annotation is not None
        ]
        if node.returns is not None:
            pairs.append(("return", node.returns))
        values = [ast.Constant(ast.unparse(value)) if self.quoted else alone(value) for _, value in pairs]
        return ast.Dict([ast.Constant(name) for name, _ in pairs], values) if pairs else None


def alone(annotation: ast.expr) -> ast.expr:
    """Return the value of an annotation: that of `*args: *Ts` is the one item that `*Ts` gives."""
    if not isinstance(annotation, ast.Starred):
        return annotation
    items = at(annotation, ast.Tuple([annotation], ast.Load()))
    return at(annotation, ast.Subscript(items, ast.Constant(0), ast.Load()))


def parameters_of(node: Function) -> ast.expr | None:
    """Return what inspect wants of the parameters (stack/std/_inspect.py)."""
    arguments = node.args
    names = [each.arg for each in (arguments.vararg, arguments.kwarg) if each is not None]
    keywords = [ast.Constant(each.arg) for each in arguments.kwonlyargs]
    if not arguments.posonlyargs and not names and not keywords:
        return None
    values: list[ast.expr] = [ast.Constant(len(arguments.posonlyargs)), ast.Tuple([*keywords], ast.Load())]
    values += map(ast.Constant, names)
    return ast.Tuple(values, ast.Load())
