# Exceptions as CPython has them: chains, notes, tracebacks, the family of OSError, groups.

from support import raises


def chained():
    try:
        1 / 0  # noqa: B018
    except ZeroDivisionError as error:
        raise ValueError("x") from error


def test_raise_from():
    error = raises(ValueError, chained)
    assert isinstance(error.__cause__, ZeroDivisionError) and error.__suppress_context__
    assert error.__context__ is error.__cause__ and str(error.__cause__) == "division by zero"
    raises(TypeError, lambda: raise_from(5))
    assert raises(ValueError, lambda: raise_from(None)).__cause__ is None


def raise_from(cause):
    raise ValueError from cause


def failing_handler():
    try:
        {}["missing"]
    except KeyError:
        raises(OSError, lambda: fail(OSError(2, "x")))
        raise IndexError


def fail(error):
    raise error


def test_context():
    error = raises(IndexError, failing_handler)
    assert (
        isinstance(error.__context__, KeyError) and not error.__suppress_context__ and error.__cause__ is None
    )


def test_notes_attributes_and_tracebacks():
    error = raises(ValueError, chained)
    error.add_note("one")
    error.add_note("two")
    assert error.__notes__ == ["one", "two"] and error.with_traceback(None) is error
    raises(TypeError, error.add_note, 1)
    traceback = raises(ValueError, chained).__traceback__
    names = []
    while traceback is not None:
        names.append(traceback.tb_frame.f_code.co_name)
        assert traceback.tb_lineno > 0
        traceback = traceback.tb_next
    assert names[-1] == "chained"
    error.extra = 5
    error.args = (4, 5)
    assert error.extra == 5 and error.args == (4, 5)


def raise_in_handler(context):
    try:
        raise context
    except ValueError:
        raise KeyError(1)


def test_odd_values_of_the_attributes_harm_nothing():
    error = ValueError(1)
    raises(TypeError, setattr, error, "__context__", 5)
    raises(TypeError, setattr, error, "__cause__", 5)
    error.__notes__ = 5
    raises(TypeError, error.add_note, "x")
    error.__context__ = other = TypeError(2)
    other.__context__ = third = TypeError(3)
    third.__context__ = other  # a circle
    raised = raises(KeyError, raise_in_handler, error)
    assert raised.__context__ in (error, None)


def closing():
    try:
        yield
    except GeneratorExit as error:
        error.args = (1,)
        error.extra = 2


def test_generator_exit_can_be_written_to():
    generator = closing()
    next(generator)
    generator.close()


class Own(Exception):
    pass


def test_classes_of_the_user_have_all_of_it():
    error = Own("x")
    error.__cause__ = KeyError()
    error.add_note("note")
    assert error.__notes__ == ["note"] and isinstance(error.__cause__, KeyError)
    raises(Own, lambda: fail(Own.__new__(Own)))


def test_the_number_of_an_oserror_makes_its_class():
    error = raises(FileNotFoundError, lambda: fail(OSError(2, "No such file", "name")))
    assert (error.errno, error.strerror, error.filename) == (2, "No such file", "name")
    assert str(error) == "[Errno 2] No such file: 'name'" and str(OSError(2, "x")) == "[Errno 2] x"
    assert type(OSError(104, "x")) is ConnectionResetError and type(OSError(98, "x")) is OSError
    assert OSError("x").errno is None and str(ConnectionError("x")) == "x" and IOError is OSError
    assert isinstance(raises(OSError, open, "/not/there"), FileNotFoundError)


def absent():
    import absent_module  # noqa: F401


def unbound():
    value  # noqa: B018, F821
    value = 1  # noqa: F841


def test_names_of_errors():
    assert raises(ModuleNotFoundError, absent).name == "absent_module"
    raises(UnboundLocalError, unbound)
    assert repr(ValueError("a")) == "ValueError('a')" and str(KeyError("a")) == "'a'"


def test_groups():
    group = ExceptionGroup("many", [ValueError(1), TypeError(2), ExceptionGroup("inner", [ValueError(3)])])
    matched, rest = group.split(ValueError)
    assert len(matched.exceptions) == 2 and len(rest.exceptions) == 1 and matched.message == "many"
    assert group.subgroup(KeyError) is None and str(group) == "many (3 sub-exceptions)"
    assert group.split(lambda error: isinstance(error, TypeError))[0].exceptions == (group.exceptions[1],)
    assert isinstance(BaseExceptionGroup("one", [ValueError()]), ExceptionGroup)
    raises(TypeError, lambda: ExceptionGroup("one", [KeyboardInterrupt()]))
    raises(ValueError, lambda: ExceptionGroup("none", []))
