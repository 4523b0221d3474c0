# _structseq.py - tuples with names, as the results of stat() and times(): tuple, repr and constructor of
# CPython's structseq. Attributes beyond the tuple's length are hidden from its items.


def structseq(name, visible, hidden=(), module="os"):
    """Make the type. Its argument is a sequence of the visible items, or of these and hidden ones."""
    names = tuple(visible) + tuple(hidden)
    shown, most = len(visible), len(names)

    def new(cls, sequence, dict=None):
        items = tuple(sequence)
        if len(items) < shown or len(items) > most:
            said = ("at least %d" if len(items) < shown else "at most %d") if most > shown else "a %d"
            size = most if len(items) > most else shown
            what = "a %d" % size if most == shown else said % size
            takes = "%s.%s() takes %s-sequence (%d-sequence given)"
            raise TypeError(takes % (module, name, what, len(items)))
        self = tuple.__new__(cls, items[:shown])
        for at in range(shown, most):
            value = items[at] if at < len(items) else (dict or {}).get(names[at])
            setattr(self, names[at], value)
        return self

    def show(self):
        pairs = ", ".join(["%s=%r" % (visible[at], self[at]) for at in range(shown)])
        return "%s.%s(%s)" % (module, name, pairs)

    def reduce(self):
        return (type(self), (tuple(self), {each: getattr(self, each) for each in hidden}))

    members = {each: _item(at) for at, each in enumerate(visible) if each not in hidden}
    members.update(
        {
            "__new__": new,
            "__repr__": show,
            "__str__": show,
            "__reduce__": reduce,
            "__module__": module,
            "n_fields": most,
            "n_sequence_fields": shown,
            "n_unnamed_fields": 0,
            "__match_args__": tuple(visible),
        }
    )
    return type(name, (tuple,), members)


def _item(at):
    return property(lambda self: self[at])
