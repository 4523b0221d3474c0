"""What the statements of the grammar (language.py) are drawn from.

Their methods return the lines of one statement, of programs as people write them. What they need of the
program are its names a, b, c, d and the list r of what it has shown."""

from collections.abc import Callable
from random import Random

ERRORS = ["ValueError", "TypeError", "KeyError", "IndexError", "LookupError", "ArithmeticError", "Exception"]


def indented(lines: list[str]) -> list[str]:
    return ["    " + each for line in lines for each in line.split("\n")]


class Base:
    random: Random
    one_of: Callable[..., str]
    of_kind: Callable[[str], str]
    atom: Callable[[], str]
    expression: Callable[[int], str]
    block: Callable[[int], list[str]]
    name: Callable[[str], str]

    def value(self) -> str:
        return self.of_kind(self.one_of("int", "str", "list", "float", "int", "dict", "tuple", "bytes"))

    def some(self, lines: list[str], most: int = 3) -> list[str]:
        return [self.random.choice(lines) for _ in range(self.random.randint(1, most))]

    def target(self) -> str:
        return self.one_of("a", "b", "c", "d")

    def shown(self, *texts: str) -> str:
        return f"r.append(show({self.one_of(*texts)}))"
