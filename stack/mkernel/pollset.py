# pollset.py - the set of objects that one poll(), epoll or select() waits for. The cost of a wait is
# proportional to the objects that became ready, not to those registered.

from mkernel import files, pollable
from mkernel.scheduler import Waiters

ALWAYS = pollable.ERR | pollable.HUP | pollable.NVAL  # reported even if not requested
OFF = 0  # mask of an entry that reports nothing


class Entry:
    """A registration: its key, the object as given, its pollable, the requested events, and whether it is
    marked."""

    def __init__(self, owner, key, obj, target):
        self.owner = owner
        self.key = key
        self.obj = obj
        self.target = target
        self.mask = OFF
        self.events = 0
        self.marked = False

    def changed(self):
        if not self.marked:
            self.marked = True
            owner = self.owner
            owner._marked[owner._count] = self  # no append(): the receive path must not allocate here
            owner._count += 1
            owner.notify()


class PollSet:
    """Entries by key, and those that may be ready: the first `_count` of `_marked`."""

    def __init__(self):
        self.entries = {}
        self._marked = []
        self._count = 0
        self.waiters = Waiters()

    def notify(self):
        """Wake the waiters: an entry may have become ready."""
        self.waiters.wake()

    def add(self, key, obj, mask):
        """Register an object, or change its mask."""
        target = target_of(obj, key)
        entry = self.entries.get(key)
        if entry is not None and entry.target is not target:  # it was closed, and its descriptor was reused
            self.remove(entry)
            entry = None
        if entry is None:
            while len(self._marked) <= self._count + len(self.entries):
                self._marked.append(None)
            entry = self.entries[key] = Entry(self, key, obj, target)
            try:
                target.poll_watch(entry)
            except MemoryError:
                del self.entries[key]
                raise
        entry.mask = mask | ALWAYS
        entry.changed()

    def remove(self, entry):
        entry.mask = OFF
        entry.target.poll_unwatch(entry)
        del self.entries[entry.key]

    def clear(self):
        """Remove all entries; needs no memory (a view of the entries would)."""
        for key in self.entries:
            entry = self.entries[key]
            entry.mask = OFF
            entry.target.poll_unwatch(entry)
        self.entries.clear()

    def wait(self, deadline, seek):
        """Wait until seek() finds something and return that; nothing after the deadline. 0: do not wait."""
        ready = seek()
        while not ready and deadline != 0 and self.waiters.wait(deadline):
            ready = seek()
        return ready

    def ready(self, limit=1 << 30):
        """Return the ready entries, at most `limit`. They stay marked until they are found not ready."""
        ready = []
        for i in range(self._count):
            entry = self._marked[i]
            entry.events = entry.mask and entry.target.poll_mask() & entry.mask
            if entry.events and len(ready) < limit:
                ready.append(entry)
        count, self._count = self._count, 0  # from here on no memory is needed
        for i in range(count):
            entry = self._marked[i]
            self._marked[i] = None
            if entry.events:
                self._marked[self._count] = entry
                self._count += 1
            else:
                entry.marked = False
        return ready

    def unmark(self, entry):
        """Unmark an entry until it changes."""
        self._count -= 1
        at = self._marked.index(entry)
        self._marked[at] = self._marked[self._count]
        self._marked[self._count] = None
        entry.marked = False


def number_of(obj):
    """Return the file descriptor of an object, or the object itself if it is an int."""
    if not isinstance(obj, int):
        if not hasattr(obj, "fileno"):
            raise TypeError("argument must be an int, or have a fileno() method.")
        obj = obj.fileno()
        if not isinstance(obj, int):
            raise TypeError("fileno() returned a non-integer")
    if obj < 0:
        raise ValueError("file descriptor cannot be a negative integer (%d)" % obj)
    return obj


def key_of(obj):
    """Return the key of an object: its file descriptor, if it has one."""
    if hasattr(obj, "poll_watch") and not hasattr(obj, "fileno"):
        return id(obj)
    return number_of(obj)


class _Nothing(pollable.Pollable):
    """The pollable of a free file descriptor."""

    def poll_mask(self):
        return pollable.NVAL


class _Output(pollable.Pollable):
    """The pollable of stdout and stderr."""

    def poll_mask(self):
        return pollable.OUT


_NOTHING = _Nothing()
_OUTPUT = _Output()


def target_of(obj, number):
    """Return the pollable of an object or its file descriptor."""
    if hasattr(obj, "poll_target"):
        return obj.poll_target
    if hasattr(obj, "poll_watch"):
        return obj
    try:
        return files.find(number)
    except OSError:
        return _OUTPUT if number in (1, 2) else _NOTHING
