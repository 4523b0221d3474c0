# pollset.py - what one poll(), epoll or select() waits for: the cost of a wait is that of what became ready,
# not of what is registered.

from mkernel import files, pollable
from mkernel.scheduler import Waiters

ALWAYS = pollable.ERR | pollable.HUP | pollable.NVAL  # reported whether it is wanted or not
OFF = 0  # the mask of what is not reported at all


class Entry:
    """What is registered: its key, the object as it was given, the pollable behind it, the wanted events, and
    whether it is among those to look at."""

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
            owner._marked[owner._count] = self  # no append(): the receive path must not need memory here
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
        """An entry may have become ready."""
        self.waiters.wake()

    def add(self, key, obj, mask):
        """Register, or change the mask of what is registered."""
        target = target_of(obj, key)
        entry = self.entries.get(key)
        if entry is not None and entry.target is not target:  # closed, and its number is another's now
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
        """Forget everything, which needs no memory (a view of the entries would)."""
        for key in self.entries:
            entry = self.entries[key]
            entry.mask = OFF
            entry.target.poll_unwatch(entry)
        self.entries.clear()

    def wait(self, deadline, seek):
        """What seek() finds, once it finds something; nothing after the deadline, which is 0 for at once."""
        ready = seek()
        while not ready and deadline != 0 and self.waiters.wait(deadline):
            ready = seek()
        return ready

    def ready(self, limit=1 << 30):
        """The entries that are ready, `limit` at most. They stay marked until they are found not to be."""
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
        """Not to look at again before it changes."""
        self._count -= 1
        at = self._marked.index(entry)
        self._marked[at] = self._marked[self._count]
        self._marked[self._count] = None
        entry.marked = False


def number_of(obj):
    """The file number of an object, or the object itself if it is one."""
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
    """What tells registered objects apart: the file number, where there is one."""
    if hasattr(obj, "poll_watch") and not hasattr(obj, "fileno"):
        return id(obj)
    return number_of(obj)


class _Nothing(pollable.Pollable):
    """What a file number stands for that is free."""

    def poll_mask(self):
        return pollable.NVAL


_NOTHING = _Nothing()


def target_of(obj, number):
    """The pollable that an object, or its file number, stands for."""
    if hasattr(obj, "poll_target"):
        return obj.poll_target
    if hasattr(obj, "poll_watch"):
        return obj
    try:
        return files.find(number)
    except OSError:
        return _NOTHING
