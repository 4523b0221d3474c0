# subprocess - an image has no processes: the functions are there to say so.

__all__ = ("create_subprocess_exec", "create_subprocess_shell")

PIPE, STDOUT, DEVNULL = -1, -2, -3


async def create_subprocess_exec(program, *args, **kwargs):
    """Raise NotImplementedError."""
    raise NotImplementedError("an image has no processes: cannot start %r" % (program,))


async def create_subprocess_shell(cmd, *args, **kwargs):
    """Raise NotImplementedError."""
    raise NotImplementedError("an image has no processes: cannot start %r" % (cmd,))
