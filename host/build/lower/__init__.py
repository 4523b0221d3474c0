"""Lower modern syntax to what mpy-cross reads. One construct per file, each a pass over the syntax tree.

Lines and names stay those of the user's file, so that tracebacks refer to it. A module without such syntax
is compiled unchanged."""

import ast
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from host.build.lower import emit
from host.build.lower.annotations import Annotations
from host.build.lower.coroutines import Coroutines
from host.build.lower.dead import Dead
from host.build.lower.decorators import Decorators
from host.build.lower.deletes import Deletes
from host.build.lower.descriptions import Descriptions
from host.build.lower.displays import Displays
from host.build.lower.fstrings import FStrings
from host.build.lower.generators import Generators
from host.build.lower.groups import Groups
from host.build.lower.mangle import Mangle
from host.build.lower.matching import Matching
from host.build.lower.namespaces import Namespaces
from host.build.lower.parameters import Parameters
from host.build.lower.scope import HELPERS, Context, Pass, after_docstring, at
from host.build.lower.typeparams import TypeParameters
from host.build.lower.walrus import Walrus

sys.set_int_max_str_digits(0)  # a constant of a program may be longer than 4300 digits

# Order matters: renaming first, then passes that make statements, then passes that make expressions.
PASSES: tuple[type[Pass], ...] = (
    Descriptions,
    Mangle,
    Namespaces,
    Dead,
    Annotations,
    TypeParameters,
    Walrus,
    Parameters,
    Matching,
    Groups,
    Coroutines,
    Generators,
    FStrings,
    Displays,
    Decorators,
    Deletes,
)
DEPTH = 20_000  # frames for deep trees: an elif is one level


@contextmanager
def deep() -> Iterator[None]:
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(DEPTH)
    try:
        yield
    finally:
        sys.setrecursionlimit(usual)


def lower(
    tree: ast.Module, always: bool = False, is_micropythons: bool = False, described: bool = True
) -> str | None:
    """Return the module's source for mpy-cross; None if it can be compiled unchanged. `always` is for
    third-party code, which may have forms that mpy-cross rejects and no pass checks for (parentheses
    around items of `with`, a name in a string). In MicroPython's own asyncio an async function that
    yields is a coroutine that waits, and no asynchronous generator. Only what is `described` keeps
    docstrings and annotations."""
    context = Context()
    with deep():
        kinds = {type(node) for node in ast.walk(tree)}
        for each in PASSES:
            if each.needs and kinds.isdisjoint(each.needs):
                continue
            if each is Descriptions and not (always and described):
                continue
            if each is Generators and is_micropythons:
                continue
            each(context).visit(tree)
        if not context.changes and not always:
            return None
        if context.helpers:
            start = after_docstring(tree.body)
            like = tree.body[min(start, len(tree.body) - 1)]
            tree.body.insert(start, at(like, ast.Import([ast.alias(HELPERS)])))
        return emit.emit(tree)
