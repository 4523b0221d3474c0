# Nothing of this can be done in an image: what uses it is skipped.

import unittest


def __getattr__(name):
    if name[:2] == "__":
        raise AttributeError(name)
    return unittest.Missing("test.support.script_helper." + name)
