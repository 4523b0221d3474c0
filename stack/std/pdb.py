# pdb - the names of the debugger, for programs that import it: an image has none.

__all__ = ["Pdb", "help", "pm", "post_mortem", "run", "runcall", "runeval", "set_trace"]


def _none(*args, **kwargs):
    raise RuntimeError("an image has no debugger; run it with --gdb, or the program on the host")


run = runcall = runeval = set_trace = post_mortem = pm = help = _none


class Pdb:
    def __init__(self, *args, **kwargs):
        pass

    run = runcall = runeval = set_trace = _none
