"""Exception groups and except* (PEP 654)."""

seen = []


def catch(error):
    del seen[:]
    try:
        raise error
    except* ValueError as group:
        seen.append(("value", [str(each) for each in group.exceptions]))
    except* (TypeError, KeyError) as group:
        seen.append(("type", len(group.exceptions)))
    else:
        seen.append("else")
    finally:
        seen.append("finally")
    return list(seen)


assert catch(ExceptionGroup("all", [ValueError(1), TypeError(2), KeyError(3)])) == [
    ("value", ["1"]),
    ("type", 2),
    "finally",
]
assert catch(ValueError("alone")) == [("value", ["alone"]), "finally"]

try:
    catch(ExceptionGroup("some", [ValueError(1), OSError(2)]))
except ExceptionGroup as group:
    assert group.message == "some" and [type(each) for each in group.exceptions] == [OSError]
    assert seen == [("value", ["1"]), "finally"]
else:
    raise AssertionError("what nobody takes is raised again")

try:
    catch(IndexError("plain"))
except IndexError as error:
    assert str(error) == "plain"
else:
    raise AssertionError

ran = []
try:
    pass
except* ValueError:
    ran.append("handler")
else:
    ran.append("else")
assert ran == ["else"]

nested = ExceptionGroup("outer", [ExceptionGroup("inner", [ValueError(1), TypeError(2)]), ValueError(3)])
try:
    try:
        raise nested
    except* TypeError as group:
        assert [type(each) for each in group.exceptions] == [ExceptionGroup]
        assert [type(each) for each in group.exceptions[0].exceptions] == [TypeError]
except ExceptionGroup as rest:
    assert rest.message == "outer" and len(rest.exceptions) == 2
    assert str(rest.exceptions[1]) == "3"

try:
    try:
        raise ExceptionGroup("two", [ValueError(1), TypeError(2)])
    except* ValueError:
        raise LookupError("new")
except ExceptionGroup as raised:
    kinds = sorted(type(each).__name__ for each in raised.exceptions)
    assert kinds == ["ExceptionGroup", "LookupError"], kinds
else:
    raise AssertionError

try:
    try:
        raise ExceptionGroup("again", [ValueError(1), TypeError(2)])
    except* ValueError:
        raise
except ExceptionGroup as raised:
    assert raised.message == "again" and len(raised.exceptions) == 2, raised
else:
    raise AssertionError

try:
    try:
        raise ValueError("naked")
    except* ValueError:
        raise TypeError("other")
except TypeError as raised:
    assert str(raised) == "other"
else:
    raise AssertionError

name = "outside"
try:
    raise ValueError
except* ValueError as name:
    pass
try:
    name
except NameError:
    pass
else:
    raise AssertionError("the name of a clause is gone behind it")
