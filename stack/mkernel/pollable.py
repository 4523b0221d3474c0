# pollable.py - the interface of objects that select can wait for without polling them repeatedly.
#
# The protocol (select.py uses nothing else):
#   poll_mask()          what is ready now: IN | OUT | ERR | HUP | NVAL | RDHUP, a few attribute reads
#   poll_watch(watcher)  from now on call `watcher.changed()` whenever poll_mask() may have gained a bit; too
#                        often does no harm but costs a poll_mask(). The call may come from the middle of the
#                        receive path: it only marks and wakes, it calls nothing back.
#   poll_unwatch(watcher)
# Pollable keeps the watchers; a subclass calls poll_changed(), and overrides poll_watched() if it has to know
# whether there are any.

IN, PRI, OUT, ERR, HUP, NVAL, RDHUP = 1, 2, 4, 8, 16, 32, 8192  # Linux's and MicroPython's values


class Pollable:
    """Base class of objects that select can wait for."""

    _watchers = ()

    def poll_mask(self):
        raise NotImplementedError

    def poll_watch(self, watcher):
        """Add `watcher`."""
        if not self._watchers:
            self._watchers = []
        self._watchers.append(watcher)
        try:
            self.poll_watched()
        except MemoryError:
            self._watchers.remove(watcher)
            raise

    def poll_unwatch(self, watcher):
        """Remove `watcher`; needs no memory."""
        if watcher in self._watchers:
            self._watchers.remove(watcher)
        try:
            self.poll_watched()
        except MemoryError:
            pass  # poll_changed() is called without need

    def poll_watched(self):
        """Handle a change of the watchers; poll_changed() must be called while there are any
        (`self._watchers`)."""

    def poll_changed(self):
        """Notify the watchers that poll_mask() may have changed."""
        for watcher in self._watchers:
            watcher.changed()
