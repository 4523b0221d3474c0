# _process.py - the one process of an image, with process number 1 and user 0. There is no other: what makes
# or finds one raises OSError.

import _mkernel
from _structseq import structseq as _structseq

EX_OK, EX_USAGE, EX_DATAERR, EX_UNAVAILABLE, EX_SOFTWARE, EX_OSERR, EX_IOERR = 0, 64, 65, 69, 70, 71, 74
WNOHANG, WUNTRACED = 1, 2
P_WAIT, P_NOWAIT, P_NOWAITO = 0, 1, 1

times_result = _structseq("times_result", ("user", "system", "children_user", "children_system", "elapsed"))


def _nothing():
    return 0


def _none(*args, **named):
    raise OSError(38, "Function not implemented")


def _no_child(*args):
    raise ChildProcessError(10, "No child processes")


getppid = getuid = geteuid = getgid = getegid = _nothing
fork = forkpty = execv = execve = execvp = execvpe = execl = execle = execlp = execlpe = _none
posix_spawn = posix_spawnp = spawnv = spawnve = spawnvp = spawnl = spawnlp = system = popen = _none
setuid = setgid = setsid = chroot = setpriority = _none
wait = waitpid = wait3 = wait4 = _no_child


def getpgrp():
    return 1


def getpgid(pid):
    return 1


def getsid(pid):
    return 1


def getgroups():
    return [0]


def getlogin():
    raise OSError(25, "Inappropriate ioctl for device")


def nice(increment):
    return 0


def kill(pid, sig):
    """Send a signal to the program itself. ProcessLookupError: there is no other process."""
    if pid not in (0, 1, -1):
        raise ProcessLookupError(3, "No such process")
    if sig:
        from signal import raise_signal

        raise_signal(sig)


def killpg(pgid, sig):
    kill(pgid, sig)


def _exit(status):
    """End the image at once."""
    _mkernel.console_flush()
    _mkernel.exit(status)


def abort():
    print("Aborted")
    _exit(134)


def times():
    """All time is the user's."""
    now = _mkernel.clock_monotonic() / 1_000_000_000
    return times_result((now, 0.0, 0.0, 0.0, now))


def WIFEXITED(status):
    return status & 0x7F == 0


def WEXITSTATUS(status):
    return status >> 8 & 0xFF


def WIFSIGNALED(status):
    return 0 < status & 0x7F < 0x7F


def WTERMSIG(status):
    return status & 0x7F


def WIFSTOPPED(status):
    return status & 0xFF == 0x7F


def WSTOPSIG(status):
    return status >> 8 & 0xFF


def waitstatus_to_exitcode(status):
    if status & 0x7F == 0:
        return status >> 8
    if status & 0xFF == 0x7F:
        raise ValueError("process stopped by delivery of signal %i" % (status >> 8))
    return -(status & 0x7F)


def register_at_fork(*, before=None, after_in_child=None, after_in_parent=None):
    """Accepted: nothing forks."""
