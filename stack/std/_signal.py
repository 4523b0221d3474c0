# _signal.py - what CPython's signal expects from C. Signals come from the program itself: raise_signal(),
# os.kill() of its own number, alarm(), setitimer(). A handler runs in the task that raises the signal; what
# it raises reaches the main task, at its wait. Without a handler a signal has its default action.

import _fiber
from _structseq import structseq as _structseq
from mkernel import scheduler as _scheduler
from mkernel import task as _task

SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE = 1, 2, 3, 4, 5, 6, 7, 8
SIGKILL, SIGUSR1, SIGSEGV, SIGUSR2, SIGPIPE, SIGALRM, SIGTERM, SIGSTKFLT = 9, 10, 11, 12, 13, 14, 15, 16
SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGXCPU = 17, 18, 19, 20, 21, 22, 23, 24
SIGXFSZ, SIGVTALRM, SIGPROF, SIGWINCH, SIGIO, SIGPWR, SIGSYS = 25, 26, 27, 28, 29, 30, 31
SIGRTMIN, SIGRTMAX, NSIG = 34, 64, 65
SIGIOT, SIGCLD, SIGPOLL = SIGABRT, SIGCHLD, SIGIO
SIG_DFL, SIG_IGN = 0, 1
SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK = 0, 1, 2
ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF = 0, 1, 2

_IGNORED = (SIGCHLD, SIGCONT, SIGURG, SIGWINCH)  # by default
_FIXED = (SIGKILL, SIGSTOP)
_TEXTS = (
    "Hangup;Interrupt;Quit;Illegal instruction;Trace/breakpoint trap;Aborted;Bus error;"
    "Floating point exception;Killed;User defined signal 1;Segmentation fault;User defined signal 2;"
    "Broken pipe;Alarm clock;Terminated;Stack fault;Child exited;Continued;Stopped (signal);Stopped;"
    "Stopped (tty input);Stopped (tty output);Urgent I/O condition;CPU time limit exceeded;"
    "File size limit exceeded;Virtual timer expired;Profiling timer expired;Window changed;"
    "I/O possible;Power failure;Bad system call"
)
_KILLED = 128  # a shell's exit code of a program that a signal ended


class ItimerError(OSError):
    __module__ = "signal"


_SIGINFO = ("si_signo", "si_code", "si_errno", "si_pid", "si_uid", "si_status", "si_band")
struct_siginfo = _structseq("struct_siginfo", _SIGINFO, (), "signal")


def default_int_handler(signalnum, frame, /):
    """Raise KeyboardInterrupt."""
    raise KeyboardInterrupt


_handlers = {SIGINT: default_int_handler, SIGPIPE: SIG_IGN, SIGXFSZ: SIG_IGN}
_blocked, _pending = set(), set()
_arrived = _scheduler.Waiters()  # tasks in pause() and sigwait()
_count = 0  # of handled signals
_wakeup = -1
_timer = None  # (its end in microseconds, interval in seconds): the alarm that is set


def _check(signalnum):
    if not isinstance(signalnum, int):
        raise TypeError("'%s' object cannot be interpreted as an integer" % type(signalnum).__name__)
    if not 1 <= signalnum < NSIG:
        raise ValueError("signal number out of range")
    return int(signalnum)


def _check_main(what):
    if _task.main is not None and _task.current_task() is not _task.main:
        raise ValueError(what + " only works in main thread of the main interpreter")


def signal(signalnum, handler, /):
    """Set what handles a signal: SIG_DFL, SIG_IGN or a function. Returns what did before."""
    _check_main("signal")
    signalnum = _check(signalnum)
    if not callable(handler) and handler not in (SIG_DFL, SIG_IGN):
        said = "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object"
        raise TypeError(said)
    if signalnum in _FIXED or signalnum in (32, 33):
        raise OSError(22, "Invalid argument")
    before = getsignal(signalnum)
    _handlers[signalnum] = handler
    return before


def getsignal(signalnum, /):
    return _handlers.get(_check(signalnum), SIG_DFL)


def raise_signal(signalnum, /):
    """Send a signal to the program itself."""
    signalnum = _check(signalnum)
    if signalnum in _blocked and signalnum not in _FIXED:
        _pending.add(signalnum)
        _arrived.wake_all()
        return
    _deliver(signalnum)


def _deliver(signalnum):
    global _count
    handler = _handlers.get(signalnum, SIG_DFL)
    if handler == SIG_IGN or handler == SIG_DFL and signalnum in _IGNORED:
        return
    if handler == SIG_DFL:
        print(strsignal(signalnum) or "Real-time signal")
        _scheduler.poweroff(_KILLED + signalnum)
    _count += 1
    _arrived.wake_all()
    if _wakeup >= 0:
        from os import write

        try:
            write(_wakeup, bytes([signalnum]))
        except OSError:
            pass  # as many wake-ups as it takes are there
    if _task.current_task() is _task.main or _task.main is None or _task.main.done:
        handler(signalnum, None)
        return
    try:
        handler(signalnum, None)
    except BaseException as error:
        _fiber.throw(_task.main._fiber, error)


def pthread_kill(thread_id, signalnum, /):
    """Send a signal to the program; its threads have no signals of their own."""
    raise_signal(signalnum) if signalnum else None


def strsignal(signalnum, /):
    signalnum = _check(signalnum)
    if signalnum >= SIGRTMIN:
        return "Real-time signal %d" % (signalnum - SIGRTMIN)
    return _TEXTS.split(";")[signalnum - 1] if signalnum <= SIGSYS else None


def valid_signals():
    return set(range(1, 32)) | set(range(SIGRTMIN, NSIG))


def siginterrupt(signalnum, flag, /):
    """Accepted: calls go on after every signal."""
    _check(signalnum)


def set_wakeup_fd(fd, /, *, warn_on_full_buffer=True):
    """Write the number of each handled signal to a file number; -1: to none. Returns the one before."""
    global _wakeup
    _check_main("set_wakeup_fd")
    if fd != -1:
        from os import fstat, get_blocking

        fstat(fd)
        if get_blocking(fd):
            raise ValueError("the fd %i must be in non-blocking mode" % fd)
    before, _wakeup = _wakeup, fd
    return before


# Masks


def _signals(mask):
    return {_check(each) for each in mask}


def pthread_sigmask(how, mask, /):
    """Block signals: these wait until they are unblocked. Returns those blocked before."""
    mask = _signals(mask) - set(_FIXED)
    before = set(_blocked)
    if how not in (SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK):
        raise OSError(22, "Invalid argument")
    if how == SIG_SETMASK:
        _blocked.clear()
    (_blocked.difference_update if how == SIG_UNBLOCK else _blocked.update)(mask)
    for each in sorted(_pending - _blocked):
        _pending.discard(each)
        _deliver(each)
    return before


def sigpending():
    return set(_pending)


def sigwait(sigset, /):
    """Wait for one of these signals, which must be blocked, and return its number."""
    return sigwaitinfo(sigset).si_signo


def sigwaitinfo(sigset, /):
    return _taken(_signals(sigset), None)


def sigtimedwait(sigset, timeout, /):
    """As sigwaitinfo(); None after `timeout` seconds."""
    if timeout < 0:
        raise ValueError("timeout must be non-negative")
    return _taken(_signals(sigset), _scheduler.deadline_after(timeout))


def _taken(wanted, deadline):
    while not _pending & wanted:
        if not _arrived.wait(deadline):
            return None
    number = min(_pending & wanted)
    _pending.discard(number)
    return struct_siginfo((number, 0, 0, 1, 0, 0, 0))


def pause():
    """Wait until a signal was handled."""
    before = _count
    while _count == before:
        _arrived.wait()


# The timer


def alarm(seconds, /):
    """Send SIGALRM in that many seconds; 0: cancel. Returns the seconds that were left."""
    left = _set_timer(seconds, 0)[0]
    return int(left + 0.999999)


def setitimer(which, seconds, interval=0.0, /):
    """Send SIGALRM in `seconds`, then every `interval`. Only ITIMER_REAL is there."""
    if which != ITIMER_REAL or seconds < 0 or interval < 0:
        raise ItimerError(22, "Invalid argument")
    return _set_timer(seconds, interval)


def getitimer(which, /):
    if which != ITIMER_REAL:
        raise ItimerError(22, "Invalid argument")
    if _timer is None:
        return (0.0, 0.0)
    return (max(_timer[0] - _scheduler.clock(), 1) / 1_000_000, float(_timer[1]))


def _set_timer(seconds, interval):
    global _timer
    before = getitimer(ITIMER_REAL)
    _timer = None
    if seconds:
        _timer = timer = (_scheduler.deadline_after(seconds), interval)
        _task.Task(_ring, (timer,), "alarm", _task.leave_alone)
    return before


def _ring(timer):
    """Wait for the timer, unless another one is set."""
    global _timer
    while timer is _timer:
        _fiber.park(timer[0])
        if timer is not _timer:
            return
        _timer = (timer[0] + int(timer[1] * 1_000_000), timer[1]) if timer[1] else None
        timer = _timer or timer
        raise_signal(SIGALRM)
