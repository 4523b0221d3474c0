# run.py - run the methods of one of CPython's test modules on the unix build; its arguments are the folder of
# modules, that of shims, the module and the number of the first method.

import sys


def main():
    import unittest

    name, first = sys.argv[1:3]
    write_data()
    module = __import__(name)
    for part in name.split(".")[1:]:
        module = getattr(module, part)
    unittest.run(module, int(first))


def read_data(folder):
    """The files that tests read, by their paths: from the machine's files, which main() does not see. One of
    them is the test itself."""
    with open(folder + "/data") as names:
        paths = [folder + "/" + name.strip() for name in names]
    paths.append(folder + "/" + sys.argv[3].replace(".", "/") + ".mpy")
    found = {}
    for path in paths:
        with open(path, "rb") as file:
            found[path] = file.read()
    return found


def write_data():
    """Make those files in the tree of files in memory."""
    import os

    os.makedirs(folder + "/test", exist_ok=True)
    for path, content in data.items():
        os.makedirs(path.rpartition("/")[0], exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT), "wb") as file:
            file.write(content)


folder, shims = sys.argv[1:3]
data = read_data(folder)
sys.path[:] = [folder, ".frozen", shims]
import _mkernel

_mkernel.arguments = " ".join(sys.argv[3:])
import _boot

_boot._MAIN_STACK = 1 << 20
_boot.start(main)
