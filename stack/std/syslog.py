# syslog - messages go to the console: an image has no system logger.
import sys as _sys

LOG_EMERG, LOG_ALERT, LOG_CRIT, LOG_ERR, LOG_WARNING, LOG_NOTICE, LOG_INFO, LOG_DEBUG = range(8)
LOG_KERN, LOG_USER, LOG_MAIL, LOG_DAEMON, LOG_AUTH, LOG_SYSLOG, LOG_LPR, LOG_NEWS = range(0, 64, 8)
LOG_UUCP, LOG_CRON, LOG_AUTHPRIV = 64, 72, 80
LOG_LOCAL0, LOG_LOCAL1, LOG_LOCAL2, LOG_LOCAL3, LOG_LOCAL4, LOG_LOCAL5, LOG_LOCAL6, LOG_LOCAL7 = range(
    128, 192, 8
)
LOG_PID, LOG_CONS, LOG_ODELAY, LOG_NDELAY, LOG_NOWAIT, LOG_PERROR = 1, 2, 4, 8, 16, 32

_LEVELS = 7
_state = {"ident": "", "mask": 0xFF}


def openlog(ident="", logoption=0, facility=LOG_USER):
    """Set what stands before each message."""
    _state["ident"] = ident


def closelog():
    """Forget what openlog() and setlogmask() have set."""
    _state.update(ident="", mask=0xFF)


def syslog(priority, message=None):
    """syslog([priority, ]message): write a line to stderr, unless the mask excludes its level."""
    if message is None:
        priority, message = LOG_INFO, priority
    if not isinstance(message, str):
        raise TypeError("syslog.syslog() argument must be str, not %s" % type(message).__name__)
    if _state["mask"] >> (priority & _LEVELS) & 1:
        ident = _state["ident"]
        _sys.stderr.write("%s%s\n" % (ident + ": " if ident else "", message))


def setlogmask(maskpri):
    """Set which levels are written. Returns the mask before; 0 changes nothing."""
    before = _state["mask"]
    if maskpri:
        _state["mask"] = maskpri
    return before


def LOG_MASK(pri):
    """Return the bit of one level."""
    return 1 << pri


def LOG_UPTO(pri):
    """Return the bits of a level and all that are more urgent."""
    return (1 << pri + 1) - 1
