# select - poll(), epoll() and select() over mkernel.pollset. An object is a file descriptor (mkernel.files),
# an object with fileno(), or a pollable. poll() reports file descriptors, as on CPython; ipoll() the objects,
# as in MicroPython, whose asyncio uses it.

from mkernel import files, pollable
from mkernel.errors import oserror
from mkernel.pollset import ALWAYS, OFF, PollSet, key_of, number_of
from mkernel.scheduler import deadline_after

POLLIN, POLLPRI, POLLOUT = pollable.IN, pollable.PRI, pollable.OUT
POLLERR, POLLHUP, POLLNVAL, POLLRDHUP = pollable.ERR, pollable.HUP, pollable.NVAL, pollable.RDHUP
POLLRDNORM, POLLRDBAND, POLLWRNORM, POLLWRBAND, POLLMSG = 64, 128, 256, 512, 1024  # never reported
EPOLLIN, EPOLLPRI, EPOLLOUT, EPOLLERR, EPOLLHUP = POLLIN, POLLPRI, POLLOUT, POLLERR, POLLHUP
EPOLLRDHUP, EPOLLRDNORM, EPOLLRDBAND = POLLRDHUP, POLLRDNORM, POLLRDBAND
EPOLLWRNORM, EPOLLWRBAND, EPOLLMSG = POLLWRNORM, POLLWRBAND, POLLMSG
EPOLLEXCLUSIVE, EPOLLONESHOT, EPOLLET = 1 << 28, 1 << 30, 1 << 31
EPOLL_CLOEXEC = 0x80000
PIPE_BUF = 4096  # POSIX: as much can be written at once where POLLOUT is reported

_ENOENT, _EBADF, _EEXIST, _EINVAL = 2, 9, 17, 22
_MILLISECONDS_MAX = (1 << 31) - 1

error = OSError


class poll(PollSet):
    """A set of objects to wait for."""

    _polling = False

    def register(self, obj, eventmask=POLLIN | POLLPRI | POLLOUT):
        """Register `obj`, or change its events."""
        self.add(key_of(obj), obj, _checked(eventmask))

    def modify(self, obj, eventmask):
        """Change the events of a registered object."""
        key = self._registered(obj)
        if key not in self.entries:
            raise oserror(_ENOENT)
        self.add(key, obj, _checked(eventmask))

    def unregister(self, obj):
        """Unregister an object. KeyError if it is not registered."""
        self.remove(self.entries[self._registered(obj)])

    def _registered(self, obj):
        """Return the key of an object, even of a closed one that has no file descriptor any more."""
        try:
            return key_of(obj)
        except ValueError:
            for key, entry in self.entries.items():
                if entry.obj is obj:
                    return key
            raise

    def poll(self, timeout=None):
        """Wait for events up to `timeout` milliseconds. Returns [(file descriptor, events)]."""
        deadline = _deadline(timeout, 1000)
        if self._polling:
            raise RuntimeError("concurrent poll() invocation")
        self._polling = True
        try:
            return [(entry.key, entry.events) for entry in self.wait(deadline, self.ready)]
        finally:
            self._polling = False

    def ipoll(self, timeout=None, flags=0):
        """As poll(), but an iterator with the objects. `flags` 1: report each once, until modify()."""
        ready = self.wait(_deadline(timeout, 1000), self.ready)
        found = iter([(entry.obj, entry.events) for entry in ready])
        if flags & 1:
            for entry in ready:
                entry.mask = ALWAYS
        return found


def _checked(mask):
    """Return the events given to a poll()."""
    if mask < 0:
        raise ValueError("value must be positive")
    if mask > 0xFFFF:
        raise OverflowError("Python int too large to convert to C unsigned short")
    return mask


class epoll(PollSet, pollable.Pollable):
    """Linux's epoll(7): a set of file descriptors, which has a descriptor of its own."""

    def __init__(self, sizehint=-1, flags=0):
        if sizehint != -1 and sizehint <= 0:
            raise ValueError("negative sizehint")
        if flags & ~EPOLL_CLOEXEC:
            raise oserror(_EINVAL)
        super().__init__()
        self.users = 0
        self._number = files.take(self)

    @staticmethod
    def fromfd(fd):
        """Return the epoll of a descriptor."""
        found = files.find(fd)
        if not isinstance(found, epoll):
            raise oserror(_EINVAL)
        return found

    def __enter__(self):
        self._check_open()
        return self

    def __exit__(self, exc_type, exc, traceback):
        self.close()

    @property
    def closed(self):
        return self._number < 0

    def fileno(self):
        """Return the descriptor of the epoll itself."""
        self._check_open()
        return self._number

    def register(self, fd, eventmask=EPOLLIN | EPOLLPRI | EPOLLOUT):
        """Register a descriptor. FileExistsError if it is registered."""
        self._check_open()
        entry = self._entry(fd)
        if entry is not None:
            raise oserror(_EEXIST)
        self.add(number_of(fd), fd, eventmask)

    def modify(self, fd, eventmask):
        """Change the events of a descriptor. FileNotFoundError if it is not registered."""
        self._check_open()
        if self._entry(fd) is None:
            raise oserror(_ENOENT)
        self.add(number_of(fd), fd, eventmask)

    def unregister(self, fd):
        """Unregister a descriptor. FileNotFoundError if it is not registered."""
        self._check_open()
        entry = self._entry(fd)
        if entry is None:
            raise oserror(_ENOENT)
        self.remove(entry)

    def poll(self, timeout=None, maxevents=-1):
        """Wait for events up to `timeout` seconds. Returns [(file descriptor, events)]."""
        self._check_open()
        if maxevents != -1 and maxevents <= 0:
            raise ValueError("maxevents must be greater than 0, got %d" % maxevents)
        limit = maxevents if maxevents > 0 else 1 << 30
        return self.wait(_deadline(timeout, 1), lambda: self._reported(limit))

    def _reported(self, limit):
        ready = self.ready(limit)
        found = [(entry.key, entry.events) for entry in ready if not entry.events & POLLNVAL]
        # from here on no memory is needed: an event that is not returned must not be lost
        for entry in ready:
            if entry.events & POLLNVAL:  # closed, so it is unregistered
                self.remove(entry)
            elif entry.mask & EPOLLONESHOT:
                entry.mask = OFF
            elif entry.mask & EPOLLET:
                self.unmark(entry)
        return found

    def _entry(self, fd):
        """Return the entry of a descriptor or an object with one; None if there is none."""
        number = number_of(fd)
        target = files.find(number)
        entry = self.entries.get(number)
        if entry is not None and entry.target is not target:
            self.remove(entry)
            entry = None
        return entry

    def notify(self):
        """Wake the tasks that wait for this epoll, and watchers of its descriptor."""
        self.waiters.wake()
        self.poll_changed()

    def poll_mask(self):
        """Readable when something is ready (mkernel.pollable)."""
        if self.closed:
            return POLLNVAL
        return POLLIN if self.ready() else 0

    def close(self):
        """Close: unregister everything and free the descriptor."""
        if not self.closed:
            number, self._number = self._number, -1
            self.clear()
            if self.users:
                files.close(number)

    def _check_open(self):
        if self.closed:
            raise ValueError("I/O operation on closed epoll object")


def _deadline(timeout, units):
    """Return the deadline of a timeout with `units` per second: None (none) below 0, 0 for no wait."""
    if timeout is None:
        return None
    if not isinstance(timeout, (int, float, bool)):
        raise TypeError("timeout must be an integer or None")
    deadline_after(timeout / units if isinstance(timeout, float) else timeout // units)
    if timeout * 1000 > _MILLISECONDS_MAX * units:
        raise OverflowError("timeout is too large")
    if timeout < 0:
        return None
    return deadline_after(timeout / units) if timeout else 0


class _Builtin:
    """A bound method does not become one of a class that has it as an attribute, as no function in C does:
    selectors.py relies on it."""

    def select(self, rlist, wlist, xlist, timeout=None):
        """Wait until an object is ready, or for `timeout` seconds. Returns three lists of ready objects."""
        wanted = []
        for objects, mask in ((rlist, POLLIN), (wlist, POLLOUT), (xlist, POLLPRI)):
            try:
                objects = iter(objects)
            except TypeError:
                raise TypeError("arguments 1-3 must be sequences")
            for obj in objects:
                wanted.append((obj, key_of(obj), mask))
        deadline = _select_deadline(timeout)
        waiting = PollSet()
        try:
            for obj, key, mask in wanted:
                before = waiting.entries.get(key)
                waiting.add(key, obj, mask if before is None else before.mask | mask)
            ready = {entry.key: entry.events for entry in waiting.wait(deadline, waiting.ready)}
        finally:
            waiting.clear()
        if any([events & POLLNVAL for events in ready.values()]):
            raise oserror(_EBADF)

        def those(kind, events):
            return [obj for obj, key, mask in wanted if mask == kind and ready.get(key, 0) & events]

        readable = those(POLLIN, POLLIN | POLLERR | POLLHUP)
        return readable, those(POLLOUT, POLLOUT | POLLERR), those(POLLPRI, POLLPRI)


select = _Builtin().select


def _select_deadline(timeout):
    if timeout is None:
        return None
    if not isinstance(timeout, (int, float, bool)):
        raise TypeError("timeout must be a float or None")
    deadline = deadline_after(timeout)
    if timeout < 0:
        raise ValueError("timeout must be non-negative")
    return deadline if timeout else 0
