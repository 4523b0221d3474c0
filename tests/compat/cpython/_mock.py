# _mock.py - as much of unittest.mock as CPython's own tests use. The real one builds classes at run time and
# reads signatures.


class _Sentinel:
    def __init__(self, name):
        self._name = name

    def __repr__(self):
        return "sentinel.%s" % self._name


class _Sentinels:
    def __getattr__(self, name):
        made = _Sentinel(name)
        setattr(self, name, made)
        return made


class _Any:
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __hash__(self):
        return 0

    def __repr__(self):
        return "<ANY>"


sentinel, ANY, DEFAULT = _Sentinels(), _Any(), _Sentinel("DEFAULT")
_NOTHING = object()


class _Call(tuple):
    """(name, args, kwargs) of one call; equal to another with the same parts, whatever their form."""

    def __call__(self, *args, **kwargs):
        return _Call((self[0], args, kwargs))

    def __getattr__(self, name):
        if name[:2] == "__" and name not in ("__enter__", "__exit__"):
            raise AttributeError(name)
        return _Call((self[0] + "." + name if self[0] else name, (), {}))

    @property
    def args(self):
        return self[1]

    @property
    def kwargs(self):
        return self[2]

    def __getitem__(self, index):
        # call_args[0] is the arguments, as of a pair
        parts = tuple(self)
        return parts[index]

    def __eq__(self, other):
        if isinstance(other, tuple) and len(other) == 2:
            other = ("",) + tuple(other)
        return isinstance(other, tuple) and tuple(self) == tuple(other)

    def __ne__(self, other):
        return not self == other


class _Pair(tuple):
    """call_args: (args, kwargs), which compares equal to call(...)."""

    @property
    def args(self):
        return self[0]

    @property
    def kwargs(self):
        return self[1]

    def __eq__(self, other):
        parts = tuple(other)
        return tuple(self) == (parts[1:] if len(parts) == 3 else parts)

    def __ne__(self, other):
        return not self == other


call = _Call(("", (), {}))


class Mock:
    """An object that has every attribute and records every call."""

    def __init__(
        self, spec=None, side_effect=None, return_value=DEFAULT, wraps=None, name=None, **attributes
    ):
        d = self.__dict__
        d["_children"], d["_parent"], d["_name"] = {}, None, name or ""
        d["_return"], d["side_effect"], d["_wraps"], d["_spec"] = return_value, side_effect, wraps, spec
        self.reset_mock()
        for key, value in attributes.items():
            target, parts = self, key.split(".")
            for part in parts[:-1]:
                target = getattr(target, part)
            setattr(target, parts[-1], value)

    def reset_mock(self):
        d = self.__dict__
        d["called"], d["call_count"], d["call_args"] = False, 0, None
        d["call_args_list"], d["mock_calls"], d["method_calls"] = [], [], []
        for child in self._children.values():
            if isinstance(child, Mock):
                child.reset_mock()

    @property
    def return_value(self):
        if self._return is DEFAULT:
            self.__dict__["_return"] = self._child("()")
        return self._return

    def __setattr__(self, name, value):
        if name == "return_value":
            name = "_return"
        if isinstance(value, Mock) and value._parent is None and not value._name:
            value.__dict__["_parent"], value.__dict__["_name"] = self, name
        self.__dict__[name] = value

    def __getattr__(self, name):
        if name[:2] == "__" and name[-2:] == "__":
            raise AttributeError(name)
        if name[:6] == "assert":
            raise AttributeError(name)
        if (
            self._spec is not None
            and not isinstance(self._spec, (list, tuple))
            and not hasattr(self._spec, name)
        ):
            raise AttributeError("Mock object has no attribute %r" % name)
        if isinstance(self._spec, (list, tuple)) and name not in self._spec:
            raise AttributeError("Mock object has no attribute %r" % name)
        child = self._child(name)
        self.__dict__[name] = child
        return child

    def __delattr__(self, name):
        self.__dict__.pop(name, None)

    def _child(self, name):
        if name not in self._children:
            child = type(self)() if type(self) is not AsyncMock else Mock()
            child.__dict__["_parent"], child.__dict__["_name"] = self, name
            self._children[name] = child
        return self._children[name]

    def __call__(self, *args, **kwargs):
        d = self.__dict__
        d["called"] = True
        d["call_count"] += 1
        d["call_args"] = _Pair((args, kwargs))
        self.call_args_list.append(_Pair((args, kwargs)))
        self.mock_calls.append(_Call(("", args, kwargs)))
        name, parent = self._name, self._parent
        while parent is not None:
            entry = _Call((name, args, kwargs))
            parent.mock_calls.append(entry)
            if parent._name != "()":
                parent.method_calls.append(entry)
            name = parent._name + "." + name if parent._name else name
            parent = parent._parent
        return self._outcome(args, kwargs)

    def _outcome(self, args, kwargs):
        effect = self.side_effect
        if effect is not None:
            if (
                isinstance(effect, BaseException)
                or isinstance(effect, type)
                and issubclass(effect, BaseException)
            ):
                raise effect
            if not callable(effect):
                if not hasattr(effect, "__next__"):
                    effect = self.__dict__["side_effect"] = iter(effect)
                result = next(effect)
                if isinstance(result, BaseException):
                    raise result
                return result
            result = effect(*args, **kwargs)
            if result is not DEFAULT:
                return result
        if self._return is DEFAULT and self._wraps is not None:
            return self._wraps(*args, **kwargs)
        return self.return_value

    def _check(self, condition, text):
        if not condition:
            raise AssertionError("%s: %s, calls: %r" % (self._name or "mock", text, self.call_args_list))

    def assert_called(self):
        self._check(self.called, "not called")

    def assert_called_once(self):
        self._check(self.call_count == 1, "not called once")

    def assert_not_called(self):
        self._check(not self.called, "called")

    def assert_called_with(self, *args, **kwargs):
        self._check(
            self.called and self.call_args == (args, kwargs), "not called with %r %r" % (args, kwargs)
        )

    def assert_called_once_with(self, *args, **kwargs):
        self.assert_called_once()
        self.assert_called_with(*args, **kwargs)

    def assert_any_call(self, *args, **kwargs):
        wanted = any(each == (args, kwargs) for each in self.call_args_list)
        self._check(wanted, "never called with %r %r" % (args, kwargs))

    def assert_has_calls(self, calls, any_order=False):
        made = list(self.mock_calls)
        for each in calls:
            self._check(any(one == each for one in made), "no %r" % (each,))

    def configure_mock(self, **attributes):
        for key, value in attributes.items():
            setattr(self, key, value)

    def attach_mock(self, mock, name):
        setattr(self, name, mock)

    def __repr__(self):
        return "<%s name=%r id=%r>" % (type(self).__name__, self._name, id(self))


NonCallableMock = Mock


class MagicMock(Mock):
    """A mock with the usual special methods."""

    def __enter__(self):
        return self._child("__enter__")()

    def __exit__(self, *error):
        return self._child("__exit__")(*error) is True

    def __len__(self):
        return 0

    def __iter__(self):
        return iter(())

    def __bool__(self):
        return True

    def __int__(self):
        return 1


class AsyncMock(Mock):
    """A mock whose calls are awaited."""

    def __call__(self, *args, **kwargs):
        result = super().__call__

        async def awaited():
            return result(*args, **kwargs)

        return awaited()


def create_autospec(spec, *args, **kwargs):
    return Mock()


def _found(path):
    """Return the object that a dotted path names."""
    parts = path.split(".")
    found = __import__(parts[0])
    done = parts[0]
    for part in parts[1:]:
        done += "." + part
        try:
            found = getattr(found, part)
        except AttributeError:
            __import__(done)
            found = getattr(found, part)
    return found


class _Patch:
    def __init__(self, target, name, new, attributes):
        self.target, self.name, self.new, self.attributes = target, name, new, attributes

    def __enter__(self):
        target = _found(self.target) if isinstance(self.target, str) else self.target
        self.on = target
        self.own = self.name in getattr(target, "__dict__", ())
        self.before = getattr(target, self.name, _NOTHING)
        if self.own:
            self.before = target.__dict__[self.name]
        new = MagicMock(**self.attributes) if self.new is DEFAULT else self.new
        setattr(target, self.name, new)
        return new

    def __exit__(self, *error):
        if self.before is _NOTHING or not self.own:
            try:
                delattr(self.on, self.name)
            except AttributeError:
                setattr(self.on, self.name, self.before)
        else:
            setattr(self.on, self.name, self.before)

    start = __enter__

    def stop(self):
        self.__exit__(None, None, None)

    def __call__(self, function):
        if isinstance(function, type):
            for name in dir(function):
                if name.startswith("test"):
                    setattr(function, name, self(getattr(function, name)))
            return function
        if getattr(function, "__code__", None) is not None and function.__code__.co_flags & 0x80:

            async def patched_async(*args, **kwargs):
                with self as new:
                    more = (new,) if self.new is DEFAULT else ()
                    return await function(*args, *more, **kwargs)

            return patched_async

        def patched(*args, **kwargs):
            with self as new:
                more = (new,) if self.new is DEFAULT else ()
                return function(*args, *more, **kwargs)

        return patched


def patch(target, new=DEFAULT, **attributes):
    path, _, name = target.rpartition(".")
    return _Patch(path, name, new, _of(attributes))


def _patch_object(target, name, new=DEFAULT, **attributes):
    return _Patch(target, name, new, _of(attributes))


def _of(attributes):
    attributes.pop("autospec", None)
    attributes.pop("create", None)
    kind = attributes.pop("new_callable", None)
    return attributes if kind is None else attributes


class _PatchDict:
    def __init__(self, target, values=(), clear=False, **more):
        self.target, self.values, self.clear = target, dict(values, **more), clear

    def __enter__(self):
        if isinstance(self.target, str):
            self.target = _found(self.target)
        self.before = dict(self.target)
        if self.clear:
            self.target.clear()
        self.target.update(self.values)
        return self.target

    def __exit__(self, *error):
        self.target.clear()
        self.target.update(self.before)

    start = __enter__


patch.object = _patch_object
patch.dict = _PatchDict
