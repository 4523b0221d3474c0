# recursion - operations that would overflow a C stack; test_recursion.py calls the functions by name. Each is
# done in the main task and at a depth of 250 nested calls.

import gc
import io
import json
import re
import sys
import threading

import _fiber
import mkernel
import uio

DEPTH = 10_000


def nested(make, depth=DEPTH):
    """Return nested containers; the innermost is empty."""
    outer = make(())
    for _ in range(depth):
        outer = make((outer,))
    return outer


def chain(make, inner, depth=DEPTH):
    """make(make(... inner))"""
    for _ in range(depth):
        inner = make(inner)
    return inner


def two(make):
    """Equal, and not the same."""
    return nested(make), nested(make)


class Mirror:
    """Every special method calls itself."""

    def __getattr__(self, name):
        return getattr(self, name + "x")

    def __eq__(self, other):
        return self == other

    def __lt__(self, other):
        return self < other

    def __add__(self, other):
        return self + other

    def __radd__(self, other):
        return other + self

    def __hash__(self):
        return hash(self)

    def __repr__(self):
        return repr(self)

    def __str__(self):
        return str(self)

    def __len__(self):
        return len(self)

    def __bool__(self):
        return not self

    def __getitem__(self, key):
        return self[key]

    def __setitem__(self, key, value):
        self[key] = value

    def __contains__(self, key):
        return key in self

    def __iter__(self):
        return iter(self)

    def __next__(self):
        return next(self)

    def __call__(self):
        return self()


class Base:
    pass


def subclass(base):
    return type("Class", (base, Base) if base is not Base else (base,), {})


def lookup():
    """Look up a missing attribute of a class with many ancestors."""
    kind = Base
    for _ in range(2000):
        kind = type("Class", (kind, Plain), {})
    return kind().nothing


class Plain:
    pass


def instance_of():
    kind = Base
    for _ in range(2000):
        kind = type("Class", (kind, Plain), {})
    return isinstance(kind(), int)


def deflated():
    import deflate

    return chain(lambda inner: deflate.DeflateIO(inner), uio.BytesIO(b"x" * 100), 5000).read(1)


def generators():
    def each(inner):
        yield from inner

    return next(chain(each, iter([1]), 20_000))


DEEDS = {
    "list ==": lambda: (lambda a, b: a == b)(*two(list)),
    "list !=": lambda: (lambda a, b: a != b)(*two(list)),
    "list <": lambda: (lambda a, b: a < b)(*two(list)),
    "list in": lambda: (lambda a, b: a in [b])(*two(list)),
    "list index": lambda: (lambda a, b: [a].index(b))(*two(list)),
    "list count": lambda: (lambda a, b: [a].count(b))(*two(list)),
    "list remove": lambda: (lambda a, b: [a].remove(b))(*two(list)),
    "list sort": lambda: [nested(list), nested(list)].sort(),
    "sorted": lambda: sorted([nested(tuple), nested(tuple)]),
    "min": lambda: min([nested(tuple), nested(tuple)]),
    "list repr": lambda: repr(nested(list)),
    "list str": lambda: str(nested(list)),
    "tuple ==": lambda: (lambda a, b: a == b)(*two(tuple)),
    "tuple <": lambda: (lambda a, b: a < b)(*two(tuple)),
    "tuple hash": lambda: hash(nested(tuple)),
    "tuple key": lambda: {nested(tuple): 1},
    "tuple set": lambda: {nested(tuple)},
    "tuple repr": lambda: repr(nested(tuple)),
    "dict ==": lambda: (lambda a, b: a == b)(nested(lambda x: {1: x}), nested(lambda x: {1: x})),
    "dict repr": lambda: repr(nested(lambda x: {1: x})),
    "format": lambda: f"{nested(list)}",
    "percent": lambda: "%s" % (nested(list),),  # noqa: UP031
    "print": lambda: print(nested(list), file=io.StringIO()),
    "json dumps": lambda: json.dumps(nested(list)),
    "json loads": lambda: json.loads("[" * DEPTH + "]" * DEPTH) == json.loads("[" * DEPTH + "]" * DEPTH),
    "json dicts": lambda: (
        json.loads('{"a":' * DEPTH + "1" + "}" * DEPTH) == json.loads('{"a":' * DEPTH + "1" + "}" * DEPTH)
    ),
    "re groups": lambda: re.compile("(" * DEPTH + ")" * DEPTH),
    "re no groups": lambda: re.compile("(?:" * DEPTH + ")" * DEPTH),
    "re match": lambda: re.match("(a|b)*c", "ab" * DEPTH),
    "re lazy": lambda: re.match("(a|b)*?c", "ab" * DEPTH),
    "map": lambda: next(chain(lambda inner: map(abs, inner), iter([1]))),
    "filter": lambda: next(chain(lambda inner: filter(None, inner), iter([1]))),
    "zip": lambda: next(chain(zip, iter([1]))),
    "enumerate": lambda: next(chain(enumerate, iter([1]))),
    "reversed": lambda: list(chain(lambda inner: (each for each in inner), iter([1]), 20_000)),
    "generators": generators,
    "lookup": lookup,
    "isinstance": instance_of,
    "deflate": deflated,
    "eval brackets": lambda: eval("[" * 5000 + "]" * 5000),
    "eval parentheses": lambda: eval("(" * 5000 + "1," + ")" * 5000),
    "eval minus": lambda: eval("-" * 20_000 + "x", {"x": 1}),
    "eval not": lambda: eval("not " * 5000 + "x", {"x": 1}),
    "eval if": lambda: exec("if " + "(" * 3000 + "x" + " and x)" * 3000 + ": pass", {"x": 1}),
    "exec targets": lambda: exec("[" * 3000 + "x" + "]" * 3000 + " = y", {"y": 1}),
    "exec del": lambda: exec("del " + "(" * 3000 + "x" + ",)" * 3000, {"x": 1}),
    "exec with": lambda: exec("with " + "x, " * 3000 + "x: pass", {"x": 1}),
    "call": lambda: (lambda f: f(f))(lambda f: f(f)),
    "method": lambda: Mirror()(),
    "getattr": lambda: Mirror().x,
    "eq": lambda: Mirror() == Mirror(),
    "lt": lambda: Mirror() < Mirror(),
    "add": lambda: Mirror() + 1,
    "radd": lambda: 1 + Mirror(),
    "hash": lambda: hash(Mirror()),
    "repr": lambda: repr(Mirror()),
    "str": lambda: str(Mirror()),
    "len": lambda: len(Mirror()),
    "bool": lambda: bool(Mirror()),
    "getitem": lambda: Mirror()[1],
    "setitem": lambda: Mirror().__setitem__(1, 2),
    "contains": lambda: 1 in Mirror(),
    "iter": lambda: iter(Mirror()),
    "next": lambda: next(Mirror()),
}


def attempt(deed):
    """Return the outcome in one word: only RecursionError and results are expected."""
    try:
        deed()
    except RecursionError:
        return "RecursionError"
    except Exception as error:
        return type(error).__name__ + ": " + str(error)
    return "a result"


def deeds():
    """Run every operation in main and in a task: an exception or a result, and the other tasks continue."""
    for name, deed in DEEDS.items():
        outcomes = [attempt(deed), mkernel.spawn(attempt, deed).join()]
        gc.collect()
        print(name + ":", ", ".join(outcomes))


def plain(n):
    return 0 if not n else 1 + plain(n - 1)


def starred(n, *args, **more):
    return 0 if not n else 1 + starred(n - 1, *args, **more)


class Deep:
    def method(self, n):
        try:
            return 0 if not n else 1 + self.method(n - 1)
        finally:
            pass


def keyed(n):
    return 0 if not n else 1 + max([n], key=lambda m: keyed(m - 1)) * 0 + keyed(n - 1) * 0 + 1


def depths():
    """250 nested calls in every task, 900 in main."""
    for levels in (plain, lambda n: starred(n, 1, 2, a=3), Deep().method):
        print(levels(900), mkernel.spawn(levels, 250).join())
        thread_result = []
        thread = threading.Thread(target=lambda f=levels, r=thread_result: r.append(f(250)))
        thread.start()
        thread.join()
        print(thread_result)


def waits_deep():
    """Tasks that wait at the end of deep recursion keep their frames while others use the stack."""

    def down(n, mark):
        kept = [mark, n]
        if n:
            return down(n - 1, mark) + (kept == [mark, n])
        mkernel.sleep(0.01 * (mark % 3))
        return 0

    tasks = [mkernel.spawn(down, 50 + mark, mark) for mark in range(40)]
    print(sum([task.join() for task in tasks]) == sum([50 + mark for mark in range(40)]))


def idle(count):
    """Start so many threads that only wait."""
    gate = threading.Event()
    threads = [threading.Thread(target=gate.wait) for _ in range(int(count))]
    for thread in threads:
        thread.start()
    mkernel.sleep(0)
    gc.collect()
    print("alive", threading.active_count() - 1, "pieces", _fiber.stats()[1], "free", gc.mem_free())
    gate.set()
    for thread in threads:
        thread.join()
    print("ended", threading.active_count() - 1, "pieces", _fiber.stats()[1])


def stack_sizes():
    print(threading.stack_size(), threading.stack_size(64 * 1024), threading.stack_size())
    print(mkernel.spawn(attempt, lambda: plain(500)).join())
    threading.stack_size(0)
    print(mkernel.spawn(attempt, lambda: plain(500)).join())
    for size in (1, 32767, -1):
        try:
            threading.stack_size(size)
        except ValueError as error:
            print(error)


def names():
    print(issubclass(RecursionError, RuntimeError), RecursionError.__name__)


globals()[sys.argv[1]](*sys.argv[2:])
