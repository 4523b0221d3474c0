import unittest


def import_module(name, **settings):
    try:
        return __import__(name)
    except ImportError:
        raise unittest.SkipTest("there is no " + name)


def import_fresh_module(name, fresh=(), blocked=(), **settings):
    return import_module(name) if not fresh else None
