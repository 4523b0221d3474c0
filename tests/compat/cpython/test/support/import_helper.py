import unittest


def import_module(name, **settings):
    try:
        return __import__(name)
    except ImportError:
        if not unittest.Missing.running:  # while the tests are loaded
            return unittest.Missing(name)
        raise unittest.SkipTest("there is no " + name)


def import_fresh_module(name, fresh=(), blocked=(), **settings):
    # there is one implementation of each module, ours
    return import_module(name)


def __getattr__(name):
    if name[:2] == "__":
        raise AttributeError(name)
    return unittest.Missing("test.support.import_helper." + name)
