# select - poll() and select() over mkernel.pollable: the cost of a wait is that of what became ready, not of
# what is registered. poll() reports as on CPython (file numbers); ipoll() as MicroPython's, which asyncio
# uses (the objects).

from mkernel import pollable
from mkernel.errors import oserror
from mkernel.scheduler import Waiters, deadline_after

POLLIN, POLLPRI, POLLOUT = pollable.IN, pollable.PRI, pollable.OUT
POLLERR, POLLHUP, POLLNVAL = pollable.ERR, pollable.HUP, pollable.NVAL
_ALWAYS = POLLERR | POLLHUP | POLLNVAL
_ENOENT, _EPERM = 2, 1

error = OSError


class _Entry:
    """A registered object: what is wanted of it, and whether it is among those to look at."""

    def __init__(self, owner, obj, mask):
        self.owner = owner
        self.obj = obj
        self.mask = mask
        self.marked = False

    def changed(self):
        if not self.marked:
            self.marked = True
            self.owner._marked.append(self)
            self.owner._waiters.wake()


class poll:
    """Objects to wait for."""

    def __init__(self):
        self._entries = {}
        self._marked = []  # entries that may be ready; all others are not
        self._waiters = Waiters()

    def register(self, obj, eventmask=POLLIN | POLLPRI | POLLOUT):
        """Wait for `obj` as well, or for other events of it."""
        key = _key(obj)
        entry = self._entries.get(key)
        if entry is None:
            if not hasattr(obj, "poll_watch"):
                raise oserror(_EPERM, "cannot wait for %r" % (obj,))
            entry = self._entries[key] = _Entry(self, obj, eventmask)
            obj.poll_watch(entry)
        entry.mask = eventmask
        entry.changed()

    def modify(self, obj, eventmask):
        """Wait for other events of a registered object."""
        entry = self._entry(obj)
        entry.mask = eventmask
        entry.changed()

    def unregister(self, obj):
        """Wait for it no longer. KeyError if it is not registered."""
        entry = self._entries.pop(_key(obj))
        entry.mask = -1
        entry.obj.poll_unwatch(entry)

    def _entry(self, obj):
        entry = self._entries.get(_key(obj))
        if entry is None:
            raise oserror(_ENOENT)
        return entry

    def poll(self, timeout=None):
        """[(file number or object, events)]; waits until there are any or for `timeout` milliseconds."""
        return [(_key(obj), events) for obj, events in self.ipoll(timeout)]

    def ipoll(self, timeout=None, flags=0):
        """The same as an iterator, always with the objects. `flags` 1: reports each once, until modify()."""
        ready = self._ready(flags)
        if not ready and timeout != 0:
            seconds = None if timeout is None or timeout < 0 else timeout / 1000
            deadline = deadline_after(seconds)
            while not ready and self._waiters.wait(deadline):
                ready = self._ready(flags)
        return iter(ready)

    def _ready(self, flags):
        """What is ready among the marked; it stays marked, being ready until somebody finds otherwise."""
        ready = []
        marked = []
        for entry in self._marked:
            events = 0 if entry.mask == -1 else entry.obj.poll_mask() & (entry.mask | _ALWAYS)
            if events:
                ready.append((entry.obj, events))
                marked.append(entry)
                if flags & 1:
                    entry.mask = 0
            else:
                entry.marked = False
        self._marked = marked
        return ready


def _key(obj):
    """What tells registered objects apart: the file number, where there is one."""
    if isinstance(obj, int):
        return obj
    fileno = obj.fileno() if hasattr(obj, "fileno") else -1
    return id(obj) if fileno < 0 else fileno


def select(rlist, wlist, xlist, timeout=None):
    """Wait until something can be read or written, or for `timeout` seconds: three lists of what is ready."""
    masks = {}
    for objects, mask in ((rlist, POLLIN), (wlist, POLLOUT), (xlist, POLLPRI)):
        for obj in objects:
            masks[obj] = masks.get(obj, 0) | mask
    poller = poll()
    for obj, mask in masks.items():
        poller.register(obj, mask)
    try:
        ready = dict(poller.ipoll(None if timeout is None else timeout * 1000))
    finally:
        for obj in masks:
            poller.unregister(obj)

    def those(objects, mask):
        return [obj for obj in objects if ready.get(obj, 0) & mask]

    broken = POLLERR | POLLHUP | POLLNVAL
    return those(rlist, POLLIN | broken), those(wlist, POLLOUT | broken), those(xlist, POLLPRI)
