# groups.py - exception groups (PEP 654).


class BaseExceptionGroup(BaseException):
    """PEP 654: several exceptions raised as one."""

    __module__ = "builtins"

    def __new__(cls, message, exceptions):
        group = super().__new__(cls, message, exceptions)
        if cls is BaseExceptionGroup and all([isinstance(each, Exception) for each in exceptions]):
            group = Exception.__new__(ExceptionGroup, message, exceptions)
        return group

    def __init__(self, message, exceptions):
        if not isinstance(message, str):
            raise TypeError("argument 1 must be str, not %s" % type(message).__name__)
        if not exceptions:
            raise ValueError("second argument (exceptions) must be a non-empty sequence")
        for each in exceptions:
            if not isinstance(each, BaseException):
                raise ValueError("Item of second argument (exceptions) is not an exception")
            if isinstance(self, Exception) and not isinstance(each, Exception):
                raise TypeError("Cannot nest BaseExceptions in an ExceptionGroup")
        self.message = message
        self.exceptions = tuple(exceptions)

    def derive(self, exceptions):
        return BaseExceptionGroup(self.message, exceptions)

    def _derived(self, exceptions):
        if not exceptions:
            return None
        group = self.derive(exceptions)
        group.__cause__, group.__context__ = self.__cause__, self.__context__
        if hasattr(self, "__notes__"):
            group.__notes__ = list(self.__notes__)
        return group

    def split(self, condition):
        """(what matches, the rest), each a group of the same shape or None."""
        matches = condition
        if isinstance(condition, (type, tuple)):

            def matches(error):
                return isinstance(error, condition)

        if matches(self):
            return self, None
        inside, outside = [], []
        for each in self.exceptions:
            if isinstance(each, BaseExceptionGroup):
                match, rest = each.split(condition)
                if match is not None:
                    inside.append(match)
                if rest is not None:
                    outside.append(rest)
            else:
                (inside if matches(each) else outside).append(each)
        return self._derived(inside), self._derived(outside)

    def subgroup(self, condition):
        return self.split(condition)[0]

    def __str__(self):
        count = len(self.exceptions)
        return "%s (%d sub-exception%s)" % (self.message, count, "" if count == 1 else "s")

    def __repr__(self):
        return "%s(%r, %r)" % (type(self).__name__, self.args[0], self.args[1])


class ExceptionGroup(BaseExceptionGroup, Exception):
    __module__ = "builtins"

    def derive(self, exceptions):
        return ExceptionGroup(self.message, exceptions)
