# _boot.py - the first Python code of an image: adds what CPython programs expect, starts the network from the
# arguments, runs the application as `__main__` and converts its outcome into the exit code.
#
# Importing it does nothing; port/main.c calls start(main), where `main()` runs the frozen main.py. Every
# statement here costs boot time.

import builtins
import sys

import _mkernel
from mkernel import errors, scheduler, task

_EXIT_TIME = 10  # seconds for the functions given to scheduler.atexit()
_WATCHDOG = "--watchdog="
_ENV = "--env:"
_WATCHDOG_TIME = 2  # seconds that a task may compute before the watchdog reports it
_CONSOLE = ("--console=wait", "--console=drop")
_IGNORED = ("-v", "--solo5:quiet", "--insecure-entropy")  # accepted by every image


def install_builtins():
    """Add what MicroPython lacks: methods of built-in types, exception groups, print(flush=)."""
    import _types  # of MicroPython only

    _types.install()
    plain_print, console = builtins.print, sys.stdout

    def print(*args, sep=" ", end="\n", file=None, flush=False):
        file = sys.stdout if file is None else file
        if file is console:
            plain_print(*args, sep=" " if sep is None else sep, end="\n" if end is None else end)
        elif file is not None:  # whatever has write()
            text = (" " if sep is None else sep).join([str(each) for each in args])
            file.write(text + ("\n" if end is None else end))
        if flush:
            _mkernel.console_flush()

    builtins.print = print
    builtins.input = _input


def _input(prompt=""):
    """Read a line from the console, without its newline."""
    # builtins.print is still the interpreter's; only frozen names resolve to ours
    print(prompt, end="", flush=True)
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line[:-1] if line.endswith("\n") else line


def split(text):
    """Split a string into arguments as a shell does: at blanks, unless quoted."""
    words = []
    word = None  # None: between words
    quote = ""
    for letter in text:
        if letter == quote:
            quote = ""
        elif not quote and letter in "'\"":
            quote = letter
            word = word or ""
        elif not quote and letter in " \t\n":
            if word is not None:
                words.append(word)
            word = None
        else:
            word = (word or "") + letter
    return words if word is None else words + [word]


def _set_watchdog(arguments):
    """Set the watchdog from --watchdog=SECONDS (0: off) and return the other arguments. It reports on the
    console a task that computes longer."""
    rest, seconds = [], _WATCHDOG_TIME
    for each in arguments:
        if not each.startswith(_WATCHDOG):
            rest.append(each)
            continue
        try:
            seconds = float(each[len(_WATCHDOG) :])
        except ValueError:
            seconds = -1
        if not 0 <= seconds < 1e9:
            print("%s: a number of seconds is needed, 0 for never" % each)
            raise SystemExit(2)
    _mkernel.watchdog(int(seconds * 1e9))
    return rest


def _check_console(arguments):
    """Return the arguments without --console=, which the port has read. An unknown value is an error."""
    for each in arguments:
        if each.startswith("--console=") and each not in _CONSOLE:
            print("%s: there are wait and drop" % each)
            raise SystemExit(2)
    return [each for each in arguments if each not in _CONSOLE]


def _set_environment(arguments):
    """Take --env:NAME=VALUE for os.environ, and return the other arguments."""
    said = [each[len(_ENV) :] for each in arguments if each.startswith(_ENV)]
    for each in said:
        if not each.partition("=")[0] or "=" not in each:
            print("%s%s: a name, = and a value are needed" % (_ENV, each))
            raise SystemExit(2)
    try:
        from mkernel import environment

        environment.variables += [tuple(each.split("=", 1)) for each in said]
    except ImportError:
        pass  # the program does not read it
    return [each for each in arguments if not each.startswith(_ENV)]


def configure(arguments):
    """Start the network if the image has one. Returns the application's arguments."""
    arguments = _set_environment(_check_console(_set_watchdog(arguments)))
    try:
        from mnet import cli
    except ImportError:
        return [each for each in arguments if each not in _IGNORED]
    try:
        options = cli.parse(arguments)
        cli.start(options)
    except cli.UsageError as error:
        print(error)
        print(cli.USAGE)
        raise SystemExit(2)
    except MemoryError:
        raise SystemExit("not enough memory for this image: give the machine more")
    return options.rest


def exit_code(error):
    """Return CPython's exit code for the exception that ended main, and print it unless it is
    sys.exit(number)."""
    if error is None:
        return 0
    if isinstance(error, SystemExit):
        value = error.args[0] if error.args else None
        if value is None or isinstance(value, (int, bool)):  # in MicroPython a bool is no int
            return int(value or 0)
        print(value)
    elif isinstance(error, errors.Deadlock):
        print("deadlock:", error)
        return 3
    else:
        task.print_exception(error, sys.stdout)
    return 1


def _run(fun, *args):
    """Run fun(*args) as the main task. Returns the exception that ended it, or None."""
    return _main_task(fun, *args)[1]


def _code(error):
    """Run exit_code() in a task, which can wait for the console."""
    _mkernel.console_last_words()
    return _main_task(exit_code, error)[0]


def _main_task(fun, *args):
    """Run fun(*args) as the main task. Returns its result and the exception that ended it."""
    task.main = main = task.Task(fun, args, "main", task.leave_alone)
    try:
        scheduler.run_until(main)
    except (errors.Deadlock, errors.PowerOff) as error:
        return None, error
    return None if main.exception else main.result, main.exception


def _application(main):
    sys.argv[:] = ["main"] + configure(split(_mkernel.cmdline()))
    try:
        import _preemption  # noqa: F401  # of images that have it (host/build/image.py)
    except ImportError:
        pass
    main()


def _at_exit():
    task.spawn(scheduler.run_at_exit).wait(_EXIT_TIME)


def start(main):
    """Run the image. Raises SystemExit with its exit code."""
    install_builtins()
    error = _run(_application, main)
    code = _code(error)
    if "threading" in sys.modules and not isinstance(error, (errors.Deadlock, errors.PowerOff)):
        code = _code(_run(sys.modules["threading"]._shutdown)) or code
    raise SystemExit(_code(_run(_at_exit)) or code)
