# runner.py - main.py of the image that holds every case, and the script that the unix build is started
# with.
#
# Arguments: `program NAME [ARGUMENT ...]` runs a case as __main__; `fact NAME` one fact; `facts FIRST` those
# that the module `compat_facts` lists from that number on, each with a line before and after it.

import sys


def run_program(name, *arguments):
    sys.argv[:] = [name] + list(arguments)
    __import__(name, None, None, False)  # MicroPython's way to say: as __main__


def restore(out):
    """A fact may have replaced sys.stdout."""
    try:
        sys.stdout = out
    except AttributeError:  # then none can
        pass


def run_facts(first):
    from compat_facts import NAMES

    out = sys.stdout
    for name in NAMES[int(first) :]:
        out.write("@@ %s begins\n" % name)
        try:
            __import__(name).fact()
            verdict = "pass"
        except BaseException as error:
            verdict = "fail %s: %s" % (type(error).__name__, str(error).replace("\n", " "))
        restore(out)
        out.write("@@ %s %s\n" % (name, verdict))


def main():
    what, name = sys.argv[1:3]
    if what == "facts":
        run_facts(name)
    elif what == "fact":
        __import__(name).fact()
    else:
        run_program(name, *sys.argv[3:])


def on_unix():
    """The same start as in an image, with modules from the folder that the first argument names."""
    folder, shims = sys.argv[1:3]
    sys.path[:] = [folder, ".frozen", shims]
    import _mkernel

    _mkernel.arguments = " ".join(sys.argv[3:])
    _mkernel.count_computing()
    import _boot
    import _turn

    _turn.start([sys.argv[4] + ".py"])
    sys.setswitchinterval(0.005)

    _boot._MAIN_STACK = 1 << 20  # loading a module from a file takes more than finding it frozen
    _boot.start(main)


if sys.platform == "unikernel":
    main()
else:
    on_unix()
