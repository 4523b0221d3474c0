"""Conditions whose value is known at build time: TYPE_CHECKING, the version of Python, the platform.

Programs import what an older Python or another system needs behind them."""

import ast
import operator
from collections.abc import Callable
from typing import Any

from host.build.packages.guest import GUEST

KNOWN: dict[str, Any] = {
    "TYPE_CHECKING": False,
    "typing.TYPE_CHECKING": False,
    "os.name": GUEST["os_name"],
    "platform.python_implementation()": GUEST["platform_python_implementation"],
    "platform.system()": GUEST["platform_system"],
    "sys.implementation.name": GUEST["implementation_name"],
    "sys.platform": GUEST["sys_platform"],
    "sys.version_info": tuple(map(int, GUEST["python_full_version"].split("."))),
}
COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda one, other: one in other,
    ast.NotIn: lambda one, other: one not in other,
}
UNKNOWN = object()


def known(node: ast.expr) -> Any:
    """Return the value of an expression, or UNKNOWN."""
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        pass
    text = ast.unparse(node)
    if text in KNOWN or text.endswith(".TYPE_CHECKING"):
        return KNOWN.get(text, False)
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute):
        whole = known(node.value)
        if whole is not UNKNOWN and not isinstance(node.slice, ast.Slice):
            index = known(node.slice)
            return whole[index] if isinstance(index, int) and index < len(whole) else UNKNOWN
        return whole  # version_info[:2] compares as version_info does
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "sys.platform.startswith" and node.args:
        start = known(node.args[0])
        return GUEST["sys_platform"].startswith(start) if isinstance(start, (str, tuple)) else UNKNOWN
    return UNKNOWN


def compared(node: ast.Compare) -> bool | None:
    if len(node.ops) != 1 or type(node.ops[0]) not in COMPARISONS:
        return None
    one, other = known(node.left), known(node.comparators[0])
    if one is UNKNOWN or other is UNKNOWN:
        return None
    if isinstance(one, tuple) and isinstance(other, tuple):
        one = one[: max(2, len(other))]
    try:
        return COMPARISONS[type(node.ops[0])](one, other)
    except TypeError:
        return None


def value(node: ast.expr) -> bool | None:
    """Return the value of a condition; None if it is known at run time only."""
    if isinstance(node, ast.Compare):
        return compared(node)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = value(node.operand)
        return None if inner is None else not inner
    if isinstance(node, ast.BoolOp):
        values = [value(each) for each in node.values]
        decisive = isinstance(node.op, ast.Or)
        if decisive in values:
            return decisive
        return None if None in values else not decisive
    found = known(node)
    return None if found is UNKNOWN else bool(found)
