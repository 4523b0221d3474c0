# unikernel_events - the event loop of an image: CPython's selector loop over the scheduler's readiness, where
# unix_events and windows_events are those of their machines.

import selectors
import threading

import _fiber
from mkernel import files, pollable

from .coroutines import iscoroutine, iscoroutinefunction
from .events import BaseDefaultEventLoopPolicy, Handle
from .selector_events import BaseSelectorEventLoop

__all__ = ("SelectorEventLoop", "DefaultEventLoopPolicy")


class _Wakeup(pollable.Pollable):
    """In place of CPython's pair of sockets: readable after set(), which any task may call."""

    def __init__(self):
        self.users = 0
        self.closed = self._is_set = False
        self.number = files.take(self)

    def poll_mask(self):
        if self.closed:
            return pollable.NVAL
        return pollable.IN if self._is_set else 0

    def set(self):
        if not self._is_set:
            self._is_set = True
            self.poll_changed()

    def clear(self):
        self._is_set = False

    def close(self):
        self.closed = True
        self.poll_changed()


class _Selector(selectors.EpollSelector):
    """Waits in the scheduler; a loop whose callbacks are always ready lets the other tasks run, too."""

    def select(self, timeout=None):
        if timeout == 0:
            _fiber.yield_()
        return super().select(timeout)


class SelectorEventLoop(BaseSelectorEventLoop):
    """The loop of a task: it waits in the scheduler, so the other tasks run meanwhile."""

    def __init__(self, selector=None):
        self._signal_handlers = {}
        super().__init__(_Selector() if selector is None else selector)

    def close(self):
        super().close()
        for sig in list(self._signal_handlers):
            self.remove_signal_handler(sig)

    def _make_self_pipe(self):
        self._wakeup = _Wakeup()
        self._internal_fds += 1
        self._add_reader(self._wakeup.number, self._read_from_self)

    def _close_self_pipe(self):
        self._remove_reader(self._wakeup.number)
        files.close(self._wakeup.number)
        self._wakeup = None
        self._internal_fds -= 1

    def _read_from_self(self):
        self._wakeup.clear()

    def _write_to_self(self):
        if self._wakeup is not None:  # else the loop has been closed by another task
            self._wakeup.set()

    # Signals, of those that an image has (the module signal)

    def add_signal_handler(self, sig, callback, *args):
        """Call `callback` in the loop when the signal arrives."""
        import _signal as signal

        if iscoroutine(callback) or iscoroutinefunction(callback):
            raise TypeError("coroutines cannot be used with add_signal_handler()")
        self._check_signal(sig)
        self._check_closed()
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("signal only works in main thread of the main interpreter")
        handle = Handle(callback, args, self, None)
        try:
            signal.signal(sig, lambda signum, frame: self._handle_signal(signum))
        except OSError as error:
            raise RuntimeError("sig %s cannot be caught" % sig) from error
        self._signal_handlers[sig] = handle

    def remove_signal_handler(self, sig):
        """Remove the handler of a signal. Returns whether there was one."""
        import _signal as signal

        self._check_signal(sig)
        if self._signal_handlers.pop(sig, None) is None:
            return False
        signal.signal(sig, signal.default_int_handler if sig == signal.SIGINT else signal.SIG_DFL)
        return True

    def _handle_signal(self, sig):
        handle = self._signal_handlers.get(sig)
        if handle is not None and not handle._cancelled:
            self.call_soon_threadsafe(handle._run)

    def _check_signal(self, sig):
        import _signal as signal

        if not isinstance(sig, int):
            raise TypeError("sig must be an int, not %r" % (sig,))
        if sig not in signal.valid_signals():
            raise ValueError("invalid signal number %s" % sig)


class DefaultEventLoopPolicy(BaseDefaultEventLoopPolicy):
    """One loop for each thread, made on demand in the main thread."""

    _loop_factory = SelectorEventLoop
