# pollable.py - what select needs of an object to wait for it without asking it again and again.
#
# The protocol (select.py uses nothing else):
#   poll_mask()          what is ready now: IN | OUT | ERR | HUP | NVAL | RDHUP, a few attribute reads
#   poll_watch(watcher)  from now on call `watcher.changed()` whenever poll_mask() may have gained a bit; too
#                        often does no harm but costs a poll_mask(). The call may come from the middle of the
#                        receive path: it only marks and wakes, it calls nothing back.
#   poll_unwatch(watcher)
# Pollable keeps the watchers; a class that derives from it calls poll_changed(), and overrides poll_watched()
# if it has to be told that somebody cares.

IN, PRI, OUT, ERR, HUP, NVAL, RDHUP = 1, 2, 4, 8, 16, 32, 8192  # Linux's, and MicroPython's


class Pollable:
    """Base of what select can wait for."""

    _watchers = ()

    def poll_mask(self):
        raise NotImplementedError

    def poll_watch(self, watcher):
        """Start telling `watcher`."""
        if not self._watchers:
            self._watchers = []
        self._watchers.append(watcher)
        try:
            self.poll_watched()
        except MemoryError:
            self._watchers.remove(watcher)
            raise

    def poll_unwatch(self, watcher):
        """Stop telling `watcher`, which needs no memory."""
        if watcher in self._watchers:
            self._watchers.remove(watcher)
        try:
            self.poll_watched()
        except MemoryError:
            pass  # poll_changed() is called in vain

    def poll_watched(self):
        """The watchers changed; `poll_changed()` is needed while there are any (`self._watchers`)."""

    def poll_changed(self):
        """Something may have become ready."""
        for watcher in self._watchers:
            watcher.changed()
