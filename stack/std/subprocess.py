# subprocess - an image has one program and makes no process. Programs import this module for rare paths: its
# names and exceptions are there, and what would make a process raises OSError(ENOSYS).

PIPE, STDOUT, DEVNULL = -1, -2, -3

__all__ = ["Popen", "PIPE", "STDOUT", "call", "check_call", "getstatusoutput", "getoutput", "check_output"]
__all__ += ["run", "CalledProcessError", "DEVNULL", "SubprocessError", "TimeoutExpired", "CompletedProcess"]

_ENOSYS = 38


class SubprocessError(Exception):
    """The base of this module's exceptions."""


def _set_output(error, value):
    error.output = value


_STDOUT = property(lambda error: error.output, _set_output)  # another name of `output`


class CalledProcessError(SubprocessError):
    """A process ended with another exit code than 0."""

    def __init__(self, returncode, cmd, output=None, stderr=None):
        self.returncode, self.cmd, self.output, self.stderr = returncode, cmd, output, stderr

    stdout = _STDOUT

    def __str__(self):
        if self.returncode and self.returncode < 0:
            return "Command '%s' died with unknown signal %d." % (self.cmd, -self.returncode)
        return "Command '%s' returned non-zero exit status %d." % (self.cmd, self.returncode)


class TimeoutExpired(SubprocessError):
    """A process did not end in time."""

    def __init__(self, cmd, timeout, output=None, stderr=None):
        self.cmd, self.timeout, self.output, self.stderr = cmd, timeout, output, stderr

    stdout = _STDOUT

    def __str__(self):
        return "Command '%s' timed out after %s seconds" % (self.cmd, self.timeout)


class CompletedProcess:
    """The outcome of run()."""

    def __init__(self, args, returncode, stdout=None, stderr=None):
        self.args, self.returncode, self.stdout, self.stderr = args, returncode, stdout, stderr

    def __repr__(self):
        said = ["args=%r" % (self.args,), "returncode=%r" % (self.returncode,)]
        for name in ("stdout", "stderr"):
            if getattr(self, name) is not None:
                said.append("%s=%r" % (name, getattr(self, name)))
        return "%s(%s)" % (type(self).__name__, ", ".join(said))

    def check_returncode(self):
        if self.returncode:
            raise CalledProcessError(self.returncode, self.args, self.stdout, self.stderr)


class Popen:
    """Cannot be made: OSError(ENOSYS)."""

    def __init__(self, args, *rest, **options):
        raise OSError(_ENOSYS, "Function not implemented: an image has no processes", _program(args))

    @classmethod
    def __class_getitem__(cls, item):
        return cls


def _program(args):
    return args if isinstance(args, (str, bytes)) or not hasattr(args, "__getitem__") else args[0]


def run(*popenargs, input=None, capture_output=False, timeout=None, check=False, **kwargs):
    if input is not None and kwargs.get("stdin") is not None:
        raise ValueError("stdin and input arguments may not both be used.")
    if capture_output and (kwargs.get("stdout") is not None or kwargs.get("stderr") is not None):
        raise ValueError("stdout and stderr arguments may not be used with capture_output.")
    Popen(*popenargs, **kwargs)


def call(*popenargs, timeout=None, **kwargs):
    Popen(*popenargs, **kwargs)


def check_call(*popenargs, **kwargs):
    Popen(*popenargs, **kwargs)


def check_output(*popenargs, timeout=None, **kwargs):
    Popen(*popenargs, **kwargs)


def getstatusoutput(cmd, *, encoding=None, errors=None):
    Popen(cmd)


def getoutput(cmd, *, encoding=None, errors=None):
    Popen(cmd)


def list2cmdline(seq):
    """Quote a sequence of arguments as Windows does."""
    return " ".join(['"%s"' % each if " " in each or not each else each for each in seq])
