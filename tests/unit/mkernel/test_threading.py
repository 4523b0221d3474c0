# threading and _thread of stack/std: CPython's threads over tasks.

from mkernel import sleep, spawn
from support import raises, run, std

threading = std("threading")


def test_threads_run_with_their_arguments_and_can_be_joined():
    log = []

    def work(a, b, key=None):
        sleep(0.001)
        log.append((a, b, key))

    def main():
        threads = [threading.Thread(target=work, args=(n, n * n), kwargs={"key": "k"}) for n in range(3)]
        for thread in threads:
            assert not thread.is_alive()
            thread.start()
        assert threads[2].is_alive()
        for thread in threads:
            thread.join()
            assert not thread.is_alive()

    run(main)
    assert log == [(0, 0, "k"), (1, 1, "k"), (2, 4, "k")]


def test_a_thread_without_a_stack_does_not_start():
    def full(*_):
        raise MemoryError

    usual, threading.Task = threading.Task, full
    try:
        thread = threading.Thread(target=sleep, args=(0,))
        assert str(raises(RuntimeError, thread.start)) == "can't start new thread"
        assert not thread.is_alive() and thread not in threading.enumerate()
    finally:
        threading.Task = usual


def test_run_may_be_overridden():
    log = []

    class Worker(threading.Thread):
        def __init__(self):
            super().__init__(name="worker", daemon=True)

        def run(self):
            log.append((self.name, self.daemon, threading.current_thread() is self))

    def main():
        thread = Worker()
        thread.start()
        thread.join()

    run(main)
    assert log == [("worker", True, True)]


def test_join_with_a_timeout_does_not_raise():
    def main():
        thread = threading.Thread(target=sleep, args=(0.01,))
        thread.start()
        thread.join(0.001)
        assert thread.is_alive()
        thread.join()

    run(main)


def test_misuse():
    def main():
        thread = threading.Thread(target=len, args=("",))
        raises(RuntimeError, thread.join)
        thread.start()
        raises(RuntimeError, thread.start)
        raises(RuntimeError, lambda: threading.current_thread().join())
        thread.join()

    run(main)


def test_identity():
    def main():
        me = threading.current_thread()
        assert me is threading.current_thread() and me.ident == threading.get_ident()
        seen = []

        def look():
            seen.append((threading.get_ident(), threading.current_thread()))

        thread = threading.Thread(target=look)
        assert thread.ident is None
        thread.start()
        thread.join()
        assert seen == [(thread.ident, thread)] and thread.ident != me.ident
        thread.name = "renamed"
        assert "renamed" in repr(thread) and "stopped" in repr(thread)

    run(main)


def test_a_task_of_mkernel_has_a_thread_object_too():
    def look():
        thread = threading.current_thread()
        return thread is threading.current_thread(), thread.daemon

    assert run(lambda: spawn(look).join()) == (True, True)


def test_enumerate_lists_the_alive():
    def main():
        before = threading.active_count()
        event = threading.Event()
        thread = threading.Thread(target=event.wait)
        thread.start()
        assert thread in threading.enumerate() and threading.main_thread() in threading.enumerate()
        assert threading.active_count() == before + 1
        event.set()
        thread.join()
        assert threading.active_count() == before

    run(main)


def test_the_end_of_the_program_waits_for_threads_that_are_no_daemons():
    log = []

    def work(name, seconds):
        sleep(seconds)
        log.append(name)

    def main():
        threading.Thread(target=work, args=("daemon", 60), daemon=True).start()
        threading.Thread(target=work, args=("worker", 0.002), daemon=False).start()
        threading._shutdown()

    run(main)
    assert log == ["worker"]


def test_start_new_thread():
    import sys

    sys.modules.setdefault("threading", threading)
    _thread = std("_thread") if sys.implementation.name == "micropython" else None
    if _thread is None:
        return  # on CPython its import of threading would find the standard library's
    log = []

    def main():
        lock = _thread.allocate_lock()
        lock.acquire()
        assert isinstance(_thread.start_new_thread(lambda a: (log.append(a), lock.release()), (1,)), int)
        with lock:
            assert log == [1]

    run(main)


def test_thread_is_named_after_its_target():
    def work():
        pass

    number = threading._started + 1
    assert threading.Thread(target=work).name == "Thread-%d (work)" % number
    assert threading.Thread().name == "Thread-%d" % (number + 1)


def test_excepthook_receives_the_exception_of_a_thread():
    told = []

    def work():
        raise ValueError("in a thread")

    def main():
        threading.excepthook = told.append
        try:
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
            quiet = threading.Thread(target=lambda: __import__("sys").exit(1))
            quiet.start()
            quiet.join()
            return thread
        finally:
            threading.excepthook = threading.__excepthook__

    thread = run(main)
    assert len(told) == 1
    assert told[0].exc_type is ValueError and str(told[0].exc_value) == "in a thread"
    assert told[0].thread is thread
