# Warnings are neither collected nor compared here: what does that is skipped.

import unittest


def ignore_warnings(*, category):
    return lambda test: test


def import_deprecated(name):
    module = __import__(name)
    for part in name.split(".")[1:]:
        module = getattr(module, part)
    return module


def __getattr__(name):
    def skipping(*args, **kwargs):
        raise unittest.SkipTest("there is no " + name)

    return skipping
