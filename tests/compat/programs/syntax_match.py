"""Structural pattern matching (PEP 634)."""


class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y


class Colour:
    RED = 1
    GREEN = 2


def kind(subject):
    match subject:
        case None:
            return "none"
        case True | False:
            return "bool"
        case 0 | 1 | 2 as small:
            return "small", small
        case -1 | 1.5:
            return "number"
        case "ab":
            return "ab"
        case b"x":
            return "bytes"
        case Colour.GREEN | 77:
            return "never 2"
        case []:
            return "empty"
        case [single]:
            return "one", single
        case [1, [2, three], *rest] if three:
            return "nested", three, rest
        case [first, *_, last] if first == last:
            return "ends", first
        case [*everything] if len(everything) > 5:
            return "long", everything
        case (_, _):
            return "pair"
        case {"kind": "a", "value": value, **rest}:
            return "mapping", value, sorted(rest)
        case {"kind": ("b" | "c") as which}:
            return "which", which
        case {}:
            return "any mapping"
        case Point(x=0, y=0):
            return "origin"
        case Point(x, 0):
            return "on x", x
        case Point(x, y=7) | Point(7, y=x):
            return "seven", x
        case Point():
            return "point"
        case str(text):
            return "str", text
        case int():
            return "int"
        case float(number) if number > 2:
            return "float", number
    return "nothing"


assert kind(None) == "none"
assert kind(True) == "bool" == kind(False)
assert kind(2) == ("small", 2)
assert kind(-1) == "number" == kind(1.5)
assert kind("ab") == "ab" and kind(b"x") == "bytes"
assert kind([]) == "empty" == kind(())
assert kind([5]) == ("one", 5)
assert kind([1, [2, 3], 4, 5]) == ("nested", 3, [4, 5])
assert kind([1, [2, 0]]) == "pair"
assert kind([1, 2, 1]) == ("ends", 1) == kind((1, 2, 3, 1))
assert kind(range(6)) == ("long", [0, 1, 2, 3, 4, 5])
assert kind([1, 2]) == "pair"
assert kind({"kind": "a", "value": 3, "z": 1, "y": 2}) == ("mapping", 3, ["y", "z"])
assert kind({"kind": "c"}) == ("which", "c")
assert kind({"other": 1}) == "any mapping" == kind({})
assert kind(Point(0, 0)) == "origin"
assert kind(Point(3, 0)) == ("on x", 3)
assert kind(Point(3, 7)) == ("seven", 3) == kind(Point(7, 3))
assert kind(Point(1, 2)) == "point"
assert kind("text") == ("str", "text")
assert kind(100) == "int"
assert kind(2.5) == ("float", 2.5) and kind(0.5) == "nothing"
assert kind([1, 2, 3]) == "nothing"


def binds_only_when_it_fits(subject):
    name = "before"
    match subject:
        case [name, 1]:
            return name
        case _:
            return name


assert binds_only_when_it_fits([5, 1]) == 5
assert binds_only_when_it_fits([5, 2]) == "before"


def guards_see_names(subject):
    match subject:
        case [a, b] if (total := a + b) > 3:
            return a, b, total
        case other if other:
            return other
    return None


assert guards_see_names([1, 3]) == (1, 3, 4)
assert guards_see_names([1, 1]) == [1, 1] and guards_see_names(0) is None

counter = 0


def once():
    global counter
    counter += 1
    return counter


for _ in range(3):
    match once():
        case 5:
            raise AssertionError
        case 1 | 2:
            continue
        case 3:
            break
assert counter == 3

match (1, 2):
    case (x, y):
        pass
assert (x, y) == (1, 2)

match x, y:
    case 1, *others:
        assert others == [2]

match {"a": {"b": [1, {"c": 2}]}}:
    case {"a": {"b": [_, {"c": deep}]}}:
        assert deep == 2


class InBody:
    match 3:
        case 3:
            found = True
        case _:
            found = False


assert InBody.found

try:
    match Point(1, 2):
        case Point(1, 2, 3):
            pass
except TypeError:
    pass
else:
    raise AssertionError("three positional patterns for two __match_args__")


def soft_keywords(match, case):
    _ = match[case]
    match.append(case)
    return _, match


assert soft_keywords([4], 0) == (4, [4, 0])
