import attr
import attrs
from attrs import asdict, define, evolve, field, frozen, validators


@define
class Point:
    x: int
    y: int = 0
    tags: list = field(factory=list, repr=False)


p = Point(1, 2)
assert repr(p) == "Point(x=1, y=2)" and p == Point(1, 2) and p != Point(2, 1)
assert asdict(p) == {"x": 1, "y": 2, "tags": []}
assert evolve(p, y=5) == Point(1, 5)


@frozen(order=True)
class Version:
    major: int = field(converter=int, validator=validators.ge(0))
    minor: int = field(converter=int, default=0)


assert Version("1", "2") < Version(1, 3) and hash(Version(1)) == hash(Version("1"))
try:
    Version(1).major = 2
    raise AssertionError("frozen")
except attrs.exceptions.FrozenInstanceError:
    pass
try:
    Version(-1)
    raise AssertionError("validator")
except ValueError as error:
    assert "'major' must be >= 0: -1" in str(error), error


@attr.s(auto_attribs=True)
class Old:
    a: int = attr.ib(default=1, validator=attr.validators.instance_of(int))
    b: str = "x"

    @a.validator
    def check(self, attribute, value):
        if value > 10:
            raise ValueError(attribute.name)


assert Old().b == "x" and [a.name for a in attr.fields(Old)] == ["a", "b"]
try:
    Old("no")
    raise AssertionError("type")
except TypeError:
    pass
try:
    p.z = 1
    raise AssertionError("slots")
except AttributeError:
    pass


@define(kw_only=True)
class Child(Point):
    z: int

    def __attrs_post_init__(self):
        self.z += 1


assert Child(x=1, z=2).z == 3
