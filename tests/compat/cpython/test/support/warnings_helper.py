# Warnings are neither collected nor compared here: what does that is skipped.

import unittest


def ignore_warnings(*, category):
    return lambda test: test


def import_deprecated(name):
    try:
        module = __import__(name)
    except ImportError:
        return unittest.Missing(name)
    for part in name.split(".")[1:]:
        module = getattr(module, part)
    return module


def __getattr__(name):
    if name[:2] == "__":
        raise AttributeError(name)
    return unittest.Missing("test.support.warnings_helper." + name)
