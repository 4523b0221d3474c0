"""The part that makes a module of CPython a command (`python -m calendar`) is removed: it would add argparse
and more to an image."""

import ast

COMMANDS = {"main", "_main", "test", "_test"}


def is_start(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"


def without_commands(tree: ast.Module) -> ast.Module:
    if any(map(is_start, tree.body)):
        tree.body = [
            each
            for each in tree.body
            if not is_start(each) and not (isinstance(each, ast.FunctionDef) and each.name in COMMANDS)
        ]
    return tree
