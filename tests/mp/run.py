# run.py - runs the portable unit tests (tests/unit) on MicroPython: `micropython tests/mp/run.py
# [PART-OF-NAME ...]` on the unix build, or frozen as the main.py of an image, where the module `unit_tests`
# names the modules (MODULES). One line for each failure, then the count; exit code 1 if any failed.

import gc
import sys


def listed():
    """Return the names of the test modules: frozen beside this file, or found in the folder."""
    try:
        from unit_tests import MODULES

        return MODULES
    except ImportError:
        return sorted(found(tests_folder(), "unit"))


def tests_folder():
    """Return the folder of unit/ and shims/, as seen from the start of this program."""
    return "/".join(__file__.split("/")[:-1] or ["."]) + "/.."


def found(root, folder):
    import uos as os

    for entry in os.ilistdir(root + "/" + folder):
        name, kind = entry[0], entry[1]
        if kind == 0x4000 and name not in ("__pycache__", "properties"):  # those need hypothesis
            yield from found(root, folder + "/" + name)
        elif name.startswith("test_") and name.endswith(".py"):
            yield (folder + "/" + name[:-3]).replace("/", ".")


def set_up():
    """Do as _boot in an image and pytest's configuration on CPython."""
    if sys.platform != "unikernel":
        tests = tests_folder()
        stack = tests + "/../stack"
        library = tests + "/../build/library"  # the standard library, lowered
        sys.path[:] = [library, stack + "/std", stack, tests, ".frozen", tests + "/shims"]
        import _boot

        _boot.install_builtins()


class Results:
    def __init__(self):
        self.passed = self.failed = 0

    def run(self, label, fun):
        try:
            fun()
        except Exception as error:
            self.failed += 1
            print("FAILED", label)
            sys.print_exception(error)
        else:
            self.passed += 1

    def run_module(self, name):
        try:
            __import__(name)
        except Exception as error:
            self.failed += 1
            print("FAILED", name, "to import")
            sys.print_exception(error)
            return
        module = sys.modules.pop(name)  # each is needed once: let the collector free it
        for attribute in sorted(dir(module)):
            if attribute.startswith("test_"):
                self.run(name + "." + attribute, getattr(module, attribute))


def main():
    set_up()
    results = Results()
    for name in listed():
        if len(sys.argv) < 2 or any([part in name for part in sys.argv[1:]]):
            results.run_module(name)
            gc.collect()
    print("%d passed, %d failed" % (results.passed, results.failed))
    return results.failed != 0


if __name__ == "__main__":
    sys.exit(main())
