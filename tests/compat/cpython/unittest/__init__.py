# unittest - as much of unittest as CPython's own tests need to be run method by method in a small runtime.
# The real one wants more of the library than the language; what is measured here is the language.


class SkipTest(Exception):
    """The test does not apply here."""


def skip(reason):
    def decorate(item):
        if isinstance(item, type):
            item.__unittest_skip_why__ = reason
            return item

        def skipped(*args, **kwargs):
            raise SkipTest(reason)

        return skipped

    return decorate


def skipIf(condition, reason):
    return skip(reason) if condition else lambda item: item


def skipUnless(condition, reason):
    return skipIf(not condition, reason)


def expectedFailure(item):
    return skip("fails as expected")(item)


class _Raises:
    def __init__(self, case, kinds, pattern=None):
        self.case, self.kinds, self.pattern = case, kinds, pattern
        self.exception = None

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if error is None:
            raise AssertionError("%s not raised" % (self.kinds,))
        if not isinstance(error, self.kinds):
            return False
        self.exception = error
        if self.pattern is not None:
            self.case.assertRegex(str(error), self.pattern)
        return True


class _Warns(_Raises):
    def __enter__(self):
        import warnings

        self.catch = warnings.catch_warnings(record=True)
        self.log = self.catch.__enter__()
        warnings.simplefilter("always")
        return self

    def __exit__(self, kind, error, trace):
        self.catch.__exit__(None, None, None)
        if error is not None:
            return False
        for each in self.log:
            if issubclass(each.category, self.kinds):
                self.warning, self.filename, self.lineno = each.message, each.filename, each.lineno
                if self.pattern is not None:
                    self.case.assertRegex(str(each.message), self.pattern)
                return True
        raise AssertionError("%s not triggered" % (self.kinds,))


class _Nothing:
    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False


class TestCase:
    failureException = AssertionError
    maxDiff = None
    longMessage = True
    _class_clean_ups = []

    def __init__(self, methodName="runTest"):
        self._testMethodName = methodName
        self._clean_ups = []

    def id(self):
        return type(self).__name__ + "." + self._testMethodName

    def setUp(self):
        pass

    def tearDown(self):
        pass

    @classmethod
    def setUpClass(cls):
        pass

    @classmethod
    def tearDownClass(cls):
        pass

    def addCleanup(self, function, /, *args, **kwargs):
        self._clean_ups.append((function, args, kwargs))

    def enterContext(self, manager):
        value = manager.__enter__()
        self.addCleanup(manager.__exit__, None, None, None)
        return value

    @classmethod
    def addClassCleanup(cls, function, *args, **kwargs):
        cls._class_clean_ups.append((function, args, kwargs))

    @classmethod
    def enterClassContext(cls, manager):
        value = manager.__enter__()
        cls.addClassCleanup(manager.__exit__, None, None, None)
        return value

    @classmethod
    def doClassCleanups(cls):
        while cls._class_clean_ups:
            function, args, kwargs = cls._class_clean_ups.pop()
            function(*args, **kwargs)

    def doCleanups(self):
        while self._clean_ups:
            function, args, kwargs = self._clean_ups.pop()
            function(*args, **kwargs)

    def addTypeEqualityFunc(self, kind, function):
        pass

    def subTest(self, *args, **kwargs):
        return _Nothing()

    def skipTest(self, reason):
        raise SkipTest(reason)

    def fail(self, msg=None):
        raise AssertionError(msg)

    def _check(self, condition, text, values, msg):
        """Fail with `text % values` unless the condition holds: the values may be long."""
        if not condition:
            text = text % values
            raise AssertionError("%s : %s" % (text, msg) if msg else text)

    def assertTrue(self, value, msg=None):
        self._check(value, "%r is not true", (value,), msg)

    def assertFalse(self, value, msg=None):
        self._check(not value, "%r is not false", (value,), msg)

    def assertEqual(self, first, second, msg=None):
        self._check(first == second, "%r != %r", (first, second), msg)

    assertListEqual = assertTupleEqual = assertDictEqual = assertSetEqual = assertEqual
    assertMultiLineEqual = assertEqual

    def assertSequenceEqual(self, first, second, msg=None, seq_type=None):
        self.assertEqual(list(first), list(second), msg)

    def assertCountEqual(self, first, second, msg=None):
        rest = list(second)
        for item in first:
            self.assertIn(item, rest, msg)
            rest.remove(item)
        self.assertEqual(rest, [], msg)

    def assertNotEqual(self, first, second, msg=None):
        self._check(first != second, "%r == %r", (first, second), msg)

    def assertIs(self, first, second, msg=None):
        self._check(first is second, "%r is not %r", (first, second), msg)

    def assertIsNot(self, first, second, msg=None):
        self._check(first is not second, "%r is %r", (first, second), msg)

    def assertIsNone(self, value, msg=None):
        self.assertIs(value, None, msg)

    def assertIsNotNone(self, value, msg=None):
        self.assertIsNot(value, None, msg)

    def assertIn(self, item, container, msg=None):
        self._check(item in container, "%r not in %r", (item, container), msg)

    def assertNotIn(self, item, container, msg=None):
        self._check(item not in container, "%r in %r", (item, container), msg)

    def assertIsInstance(self, value, kinds, msg=None):
        self._check(isinstance(value, kinds), "%r is not of %r", (value, kinds), msg)

    def assertNotIsInstance(self, value, kinds, msg=None):
        self._check(not isinstance(value, kinds), "%r is of %r", (value, kinds), msg)

    def assertLess(self, first, second, msg=None):
        self._check(first < second, "%r not less than %r", (first, second), msg)

    def assertLessEqual(self, first, second, msg=None):
        self._check(first <= second, "%r not at most %r", (first, second), msg)

    def assertGreater(self, first, second, msg=None):
        self._check(first > second, "%r not greater than %r", (first, second), msg)

    def assertGreaterEqual(self, first, second, msg=None):
        self._check(first >= second, "%r not at least %r", (first, second), msg)

    def assertAlmostEqual(self, first, second, places=7, msg=None, delta=None):
        if first == second:
            return
        near = abs(first - second) <= delta if delta is not None else round(abs(first - second), places) == 0
        self._check(near, "%r is not nearly %r", (first, second), msg)

    def assertRegex(self, text, pattern, msg=None):
        import re

        found = re.search(pattern, text) if isinstance(pattern, (str, bytes)) else pattern.search(text)
        self._check(found, "%r does not match %r", (pattern, text), msg)

    def assertNotRegex(self, text, pattern, msg=None):
        import re

        self._check(not re.search(pattern, text), "%r matches %r", (pattern, text), msg)

    def assertRaises(self, kinds, function=None, *args, **kwargs):
        if function is None:
            return _Raises(self, kinds)
        with _Raises(self, kinds):
            function(*args, **kwargs)

    def assertRaisesRegex(self, kinds, pattern, function=None, *args, **kwargs):
        if function is None:
            return _Raises(self, kinds, pattern)
        with _Raises(self, kinds, pattern):
            function(*args, **kwargs)

    def assertWarns(self, kinds, function=None, *args, **kwargs):
        return self.assertWarnsRegex(kinds, None, function, *args, **kwargs)

    def assertWarnsRegex(self, kinds, pattern, function=None, *args, **kwargs):
        if function is None:
            return _Warns(self, kinds, pattern)
        with _Warns(self, kinds, pattern):
            function(*args, **kwargs)

    def assertLogs(self, logger=None, level=None):
        return _Logs(self, logger, level, False)

    def assertNoLogs(self, logger=None, level=None):
        return _Logs(self, logger, level, True)


class _Logs:
    """assertLogs() and assertNoLogs(): its `records` and `output`."""

    def __init__(self, case, logger, level, none):
        self.case, self.name, self.none = case, logger, none
        import logging

        self.level = logging._nameToLevel.get(level, level) if level else logging.INFO
        self.records, self.output = [], []

    def __enter__(self):
        import logging

        self.logger = self.name if isinstance(self.name, logging.Logger) else logging.getLogger(self.name)
        watcher = logging.Handler()
        watcher.setLevel(self.level)
        formatter = logging.Formatter("%(levelname)s:%(name)s:%(message)s")

        def emit(record):
            self.records.append(record)
            self.output.append(formatter.format(record))

        watcher.emit = emit
        self.before = self.logger.handlers[:], self.logger.level, self.logger.propagate
        self.logger.handlers = [watcher]
        self.logger.setLevel(self.level)
        self.logger.propagate = False
        return None if self.none else self

    def __exit__(self, kind, error, trace):
        self.logger.handlers, level, self.logger.propagate = self.before
        self.logger.setLevel(level)
        if kind is None and self.none == bool(self.records):
            raise AssertionError("logs: %s" % (self.output or "none"))
        return False


class IsolatedAsyncioTestCase(TestCase):
    """A case whose methods may be async: all of a test run in one event loop."""

    async def asyncSetUp(self):
        pass

    async def asyncTearDown(self):
        pass

    def addAsyncCleanup(self, function, *args, **kwargs):
        self.addCleanup(function, *args, **kwargs)

    async def _run_async(self, method):
        await self.asyncSetUp()
        self.setUp()
        try:
            result = method()
            if result is not None:
                await result
        finally:
            self.tearDown()
            await self.asyncTearDown()
            while self._clean_ups:
                function, args, kwargs = self._clean_ups.pop()
                result = function(*args, **kwargs)
                if result is not None:
                    await result

    def _run(self, method):
        import asyncio

        with asyncio.Runner(debug=True) as runner:
            runner.run(self._run_async(method))


class TestSuite:
    pass


class Harmless:
    """In place of what a test sets up and does not need here."""

    def __getattr__(self, name):
        return self

    def __call__(self, *args, **kwargs):
        return self


def addModuleCleanup(*args, **kwargs):
    pass  # the process ends


def main(*args, **kwargs):
    pass


def cases(module):
    """(name, class) of every class of tests of a module."""
    found = []
    listed = getattr(module, "all_tests", None)  # the others are bases of these
    for name in sorted(dir(module)):
        kind = getattr(module, name)
        if listed is not None and kind not in listed:
            continue
        if (
            isinstance(kind, type)
            and issubclass(kind, TestCase)
            and kind not in (TestCase, IsolatedAsyncioTestCase)
        ):
            found.append((name, kind))
    return found


def run_method(kind, method):
    """What became of one method: "pass", "skip REASON" or "fail WHY"."""
    why = getattr(kind, "__unittest_skip_why__", None)
    if why is not None:
        return "skip %s" % why
    try:
        case = kind(method)
        if isinstance(case, IsolatedAsyncioTestCase):
            case._run(getattr(case, method))
            return "pass"
        case.setUp()
    except BaseException as error:
        return verdict_of(error)
    verdicts = [verdict(getattr(case, method)), verdict(case.tearDown), verdict(case.doCleanups)]
    verdicts = [each for each in verdicts if each != "pass"]
    return verdicts[0] if verdicts else "pass"


def verdict(call):
    try:
        call()
    except BaseException as error:
        return verdict_of(error)
    return "pass"


def verdict_of(error):
    if isinstance(error, SkipTest):
        return "skip %s" % error
    return ("fail %s: %s" % (type(error).__name__, error)).replace("\n", " ")


def run(module, first=0):
    """Run every method from that number on, with a line before and after each."""
    import sys

    number, console = 0, sys.stdout
    Missing.running = True
    if hasattr(module, "setUpModule"):
        try:
            module.setUpModule()
        except Exception:
            pass
    for name, kind in cases(module):
        methods = [each for each in sorted(dir(kind)) if each.startswith("test")]
        is_run = number + len(methods) > first
        begun = verdict(kind.setUpClass) if is_run else "pass"
        for method in methods:
            if number >= first:
                print("@@ %d %s.%s begins" % (number, name, method))
                became = begun if begun[:4] == "skip" else run_method(kind, method)
                if sys.stdout is not console:
                    sys.stdout = console
                print("\n@@ %d %s.%s %s" % (number, name, method, became))
            number += 1
        if is_run:
            verdict(kind.tearDownClass)
            verdict(kind.doClassCleanups)
    print("@@ all")


def _missing(*operators):
    """The methods of operators: a value that is missing makes all that is computed from it missing."""

    def method(self, *others):
        return self()

    def decorate(cls):
        for each in operators:
            setattr(cls, "__%s__" % each, method)
        return cls

    return decorate


@_missing(
    "add", "radd", "sub", "rsub", "mul", "rmul", "or", "ror", "and", "rand", "lshift", "rlshift",
    "floordiv", "mod", "pow",
    "truediv", "neg", "invert", "lt", "le", "gt", "ge", "getitem", "int", "index", "enter", "len",
)  # fmt: skip
class Missing:
    """In place of a module, or a part of one, that the runtime does not have: what uses it is skipped."""

    running = False

    def __init__(self, name, *class_arguments, **keywords):
        self._name = name

    def __getattr__(self, name):
        if name == "__prepare__" and Missing.running:
            self()  # as a metaclass
        if name[:2] == "__":
            raise AttributeError(name)
        return Missing(self._name + "." + name)

    def __call__(self, *args, **kwargs):
        if Missing.running:
            raise SkipTest("there is no " + self._name)
        if len(args) == 1 and not kwargs and (isinstance(args[0], type) or hasattr(args[0], "__name__")):
            return args[0]  # as a decorator
        return Missing(self._name)

    def __bool__(self):
        return False

    def __iter__(self):
        return iter(() if not Missing.running else self())

    def __exit__(self, *error):
        return False

    def __mro_entries__(self, bases):
        return (object,)
