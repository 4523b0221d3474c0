# run.py - run the methods of one of CPython's test modules on the unix build; its arguments are the folder of
# modules, that of shims, the module and the number of the first method.

import sys


def main():
    import unittest

    name, first = sys.argv[1:3]
    module = __import__(name)
    for part in name.split(".")[1:]:
        module = getattr(module, part)
    unittest.run(module, int(first))


folder, shims = sys.argv[1:3]
sys.path[:] = [folder, ".frozen", shims]
import _mkernel

_mkernel.arguments = " ".join(sys.argv[3:])
import _boot

_boot._MAIN_STACK = 1 << 20
_boot.start(main)
