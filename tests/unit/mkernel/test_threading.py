# threading and _thread of stack/std: CPython's threads over tasks.

import sys

from mkernel import sleep, spawn, threads
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

    usual, threads.Task = threads.Task, full
    try:
        thread = threading.Thread(target=sleep, args=(0,))
        assert str(raises(RuntimeError, thread.start)) == "can't start new thread"
        assert not thread.is_alive() and thread not in threading.enumerate()
    finally:
        threads.Task = usual


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


def test_adopted_tasks_are_forgotten():
    def main():
        for _ in range(5):
            spawn(threading.current_thread).join()
        assert len(threading._active) <= 3  # the main thread, this one, the last

    run(main)


def test_enumerate_lists_the_alive():
    def main():
        event = threading.Event()
        thread = threading.Thread(target=event.wait)
        before = threading.active_count()
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


def only_on_micropython(test):
    """On CPython `_thread` is its own."""
    return test if sys.implementation.name == "micropython" else lambda: None


@only_on_micropython
def test_start_new_thread():
    import _thread

    log = []

    def main():
        lock = _thread.allocate_lock()
        lock.acquire()
        before = _thread._count()
        assert isinstance(_thread.start_new_thread(lambda a: (log.append(a), lock.release()), (1,)), int)
        assert _thread._count() == before + 1
        with lock:
            assert log == [1]
        sleep(0)
        assert _thread._count() == before

    run(main)


@only_on_micropython
def test_start_new_thread_checks_its_arguments():
    import _thread

    told = str(raises(TypeError, _thread.start_new_thread, 1, ()))
    assert told == "first arg must be callable"
    told = str(raises(TypeError, _thread.start_new_thread, len, []))
    assert told == "2nd arg must be a tuple"
    told = str(raises(TypeError, _thread.start_new_thread, len, (), 1))
    assert told == "optional 3rd arg must be a dictionary"


def test_thread_is_named_after_its_target():
    def work():
        pass

    number = threading._named + 1
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


def test_repr_and_names():
    def main():
        thread = threading.Thread(target=len, args=("",), name="n", daemon=True)
        assert repr(thread) == "<Thread(n, initial daemon)>"
        thread.start()
        assert repr(thread) == "<Thread(n, started daemon %d)>" % thread.ident
        thread.join()
        assert repr(thread) == "<Thread(n, stopped daemon %d)>" % thread.ident
        assert threading.Thread(name=7).name == "7"
        assert repr(threading.Timer(1, len)).startswith("<Timer(Thread-")

    run(main)


def test_a_started_thread_keeps_its_daemon_flag():
    def main():
        thread = threading.Thread(target=len, args=("",))
        thread.start()
        error = raises(RuntimeError, setattr, thread, "daemon", True)
        assert str(error) == "cannot set daemon status of active thread"
        thread.join()

    run(main)


def test_a_subclass_that_forgets_the_constructor():
    class Forgetful(threading.Thread):
        def __init__(self):
            pass

    assert str(raises(RuntimeError, Forgetful().start)) == "thread.__init__() not called"
    assert str(raises(RuntimeError, Forgetful().join)) == "Thread.__init__() not called"


def test_native_ids_are_small_and_differ():
    def main():
        seen = []
        for _ in range(2):
            thread = threading.Thread(target=lambda: seen.append(threading.get_native_id()))
            assert thread.native_id is None
            thread.start()
            thread.join()
            assert seen[-1] == thread.native_id
        assert seen[0] < seen[1] and threading.get_native_id() not in seen

    run(main)


def test_timer():
    def main():
        done = []
        timer = threading.Timer(0.01, lambda *a, **k: done.append((a, k)), (1,), {"k": 2})
        timer.start()
        timer.join()
        assert done == [((1,), {"k": 2})] and timer.finished.is_set()
        timer = threading.Timer(60, done.append, (1,))
        timer.start()
        timer.cancel()
        timer.join()
        assert len(done) == 1

    run(main)


def test_barrier():
    def main():
        log = []
        barrier = threading.Barrier(3, lambda: log.append("all"))

        def meet():
            log.append(barrier.wait())

        threads = [threading.Thread(target=meet) for _ in range(3)]
        for thread in threads:
            thread.start()
        sleep(0)
        for thread in threads:
            thread.join()
        assert log[0] == "all" and sorted(log[1:]) == [0, 1, 2] and barrier.n_waiting == 0
        raises(threading.BrokenBarrierError, barrier.wait, 0.01)
        assert barrier.broken
        barrier.reset()
        assert not barrier.broken

    run(main)


def test_a_barrier_is_aborted_or_reset_under_its_waiters():
    def main():
        barrier = threading.Barrier(2)
        for action in (barrier.reset, barrier.abort):
            seen = []

            def meet(seen=seen):
                try:
                    barrier.wait()
                except threading.BrokenBarrierError:
                    seen.append(1)

            thread = threading.Thread(target=meet)
            thread.start()
            sleep(0)
            assert barrier.n_waiting == 1
            action()
            thread.join()
            assert seen == [1]
        assert barrier.broken

    run(main)


def test_local_values_belong_to_a_thread():
    def main():
        values = threading.local()
        values.x = 1
        seen = []

        def look():
            seen.append(hasattr(values, "x"))
            values.x = 2
            sleep(0)
            seen.append(values.x)

        threads = [threading.Thread(target=look) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert seen == [False, False, 2, 2] and values.x == 1
        del values.x
        raises(AttributeError, lambda: values.x)
        raises(TypeError, threading.local, 1)

    run(main)


def test_a_subclass_of_local_is_initialized_in_each_thread():
    class Numbered(threading.local):
        shared = 5

        def __init__(self, start, *, step):
            self.value = start
            self.step = step

        def advance(self):
            self.value += self.step
            return self.value

    def main():
        counter = Numbered(10, step=2)
        assert counter.advance() == 12 and counter.shared == 5
        counter.shared = 6
        seen = []
        thread = threading.Thread(target=lambda: seen.append((counter.advance(), counter.shared)))
        thread.start()
        thread.join()
        assert seen == [(12, 5)] and counter.advance() == 14 and counter.shared == 6

    run(main)


def test_what_an_excepthook_is_called_with():
    raises(TypeError, threading.ExceptHookArgs, 1)
    raises(TypeError, threading.ExceptHookArgs, (1,))
    args = threading.ExceptHookArgs((ValueError, None, None, None))
    assert args.exc_type is ValueError and args.thread is None and len(args) == 4
