# Threads of the tests.

import _thread
import threading
import time
import unittest


def requires_working_threading(module=False):
    return None if module else lambda test: test


can_start_thread = True


def threading_setup():
    return (_thread._count(),)


def threading_cleanup(*before):
    deadline = time.monotonic() + 10
    while _thread._count() > before[0] and time.monotonic() < deadline:
        time.sleep(0.01)


def reap_threads(test):
    def reaping(*args):
        before = threading_setup()
        try:
            return test(*args)
        finally:
            threading_cleanup(*before)

    return reaping


class wait_threads_exit:
    def __init__(self, timeout=None):
        self.timeout = 30 if timeout is None else timeout

    def __enter__(self):
        self.before = _thread._count()

    def __exit__(self, *error):
        deadline = time.monotonic() + self.timeout
        while _thread._count() > self.before:
            if time.monotonic() > deadline:
                raise AssertionError("threads do not end")
            time.sleep(0.01)


class start_threads:
    def __init__(self, threads, unlock=None):
        self.threads, self.unlock = list(threads), unlock

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self.threads

    def __exit__(self, *error):
        if self.unlock:
            self.unlock()
        for thread in self.threads:
            join_thread(thread)


def join_thread(thread, timeout=30):
    thread.join(timeout)
    if thread.is_alive():
        raise AssertionError("failed to join the thread in %s s" % timeout)


class catch_threading_exception:
    def __enter__(self):
        self.exc_type = self.exc_value = self.exc_traceback = self.thread = None
        self.before = threading.excepthook
        threading.excepthook = self.hook
        return self

    def hook(self, args):
        self.exc_type, self.exc_value, self.exc_traceback, self.thread = args

    def __exit__(self, *error):
        threading.excepthook = self.before


def skipping(*args, **kwargs):
    raise unittest.SkipTest("about CPython's implementation")
