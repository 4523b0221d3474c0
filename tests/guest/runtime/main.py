# runtime - one function for each behaviour of the runtime that ends an image or needs one; test_runtime.py
# calls them by name through the image's arguments.

import gc
import sys
import threading

import _fiber
import mkernel
from mkernel import scheduler


def returns(*_):
    print("name", __name__, "arguments", sys.argv[2:])


def packs():
    """Keep one small object in 10 000 bytes of garbage until the heap was used up twice; then a large one
    fits."""
    heap = mkernel.memory()[1]
    kept = [None] * (heap // 5000)
    for number in range(len(kept)):
        kept[number] = [number]
        bytearray(10000)
    print("fits", len(bytearray(heap // 3)) == heap // 3)


def exits(code):
    sys.exit(int(code))


def exits_with_text():
    sys.exit("a last word")


def raises():
    raise ConnectionResetError(104, "for the traceback")


def asks_for_what_is_not_there():
    import vfs

    for attempt in (
        lambda: exec("@micropython.native\ndef f(): pass"),
        lambda: vfs.VfsFat(bytearray(512)),
    ):
        try:
            attempt()
        except NotImplementedError as error:
            print("NotImplementedError", error)
    exec("def f(): return 'bytecode'")
    print(f())  # noqa: F821


def deadlocks():
    lock = threading.Lock()
    with lock:
        lock.acquire()


def powers_off():
    def soon():
        mkernel.sleep(0.01)
        mkernel.poweroff(9)

    threading.Thread(target=mkernel.sleep, args=(60,), daemon=False).start()
    mkernel.spawn(soon)
    mkernel.sleep(60)


def waits_for_threads():
    def work():
        mkernel.sleep(0.05)
        print("thread done")

    threading.Thread(target=work).start()
    threading.Thread(target=mkernel.sleep, args=(60,), daemon=True).start()
    mkernel.spawn(mkernel.sleep, 60)
    print("main done")


def fails_with_threads():
    threading.Thread(target=lambda: (mkernel.sleep(0.02), print("thread done"))).start()
    raise ValueError("main failed")


def fails_in_a_task():
    mkernel.spawn(lambda: {}["missing"])
    mkernel.sleep(0.01)
    print("main lives")


def runs_at_exit():
    scheduler.atexit(lambda: (mkernel.sleep(0.01), print("at exit")))
    print("main done")


def recurses():
    def endless(n):
        return endless(n + 1) + 1

    def guarded():
        try:
            endless(0)
        except RuntimeError as error:
            return str(error)

    print("main:", guarded())
    print("task:", mkernel.spawn(guarded).join())


def overflows_in_c():
    """Overflow a stack unnoticed by the interpreter's checks: nested C calls without Python between."""
    nested = []
    for _ in range(100000):
        nested = [nested]
    try:
        mkernel.spawn(repr, nested).join()
    except RuntimeError as error:
        print("caught", error)


def runs_out_of_stacks():
    fibers = []
    try:
        while True:
            fibers.append(mkernel.spawn(mkernel.sleep, 60))
    except MemoryError as error:
        print("MemoryError", error)
    print("fibers", len(fibers) > 100)
    for task in fibers:
        task.cancel()
    mkernel.sleep(0)
    print("again", mkernel.spawn(lambda: "works").join())


def runs_out_of_heap():
    def hog():
        kept = []
        while True:
            kept.append(bytearray(100000))

    try:
        mkernel.spawn(hog).join()
    except MemoryError:
        print("MemoryError in the task that asked")
    gc.collect()
    print("again", len(bytearray(1000000)))


def spares_the_others():
    """Tasks that use little continue while one allocates all memory and gets the MemoryError."""

    def tick():
        for n in range(100):
            mkernel.sleep(0)
            bytes([n])
        return "ticked"

    def hog():
        kept = []
        while True:
            kept.append(bytearray(50000))
            mkernel.sleep(0)

    others = [mkernel.spawn(tick) for _ in range(20)]
    try:
        mkernel.spawn(hog).join()
    except MemoryError:
        print("MemoryError in the task that asked")
    print("others", {task.join() for task in others})


def holds_a_thousand():
    """Objects referenced only by the stacks of parked fibers survive collections; released ones do not."""
    count = 1000
    gate = scheduler.Waiters()

    def holder(n):
        mine = bytearray(str(n).encode() * 50)
        words = [str(n), n * 10**30, (n, n + 1)]
        gone = bytearray(5000)
        gone = None  # noqa: F841
        gate.wait()
        return mine == str(n).encode() * 50 and words == [str(n), n * 10**30, (n, n + 1)]

    gc.collect()
    before = gc.mem_alloc()
    tasks = [mkernel.spawn(holder, n) for n in range(count)]
    mkernel.sleep(0)
    print("alive", _fiber.stats()[0] > count)
    for _ in range(3):
        gc.collect()
        churn = [bytes(100) for _ in range(20000)]  # takes the place of freed objects
        del churn
    gc.collect()
    print("let go of", gc.mem_alloc() - before < count * 2500)
    gate.wake_all()
    print("kept", sum(task.join() for task in tasks))


def gives_memory_back():
    def worker(n):
        mkernel.sleep(0)
        return n

    def wave():
        for task in [mkernel.spawn(worker, n) for n in range(200)]:
            task.join()
        gc.collect()
        return gc.mem_alloc(), _fiber.stats()[:2]

    first = wave()
    for _ in range(25):
        last = wave()
    print("fibers, stacks:", last[1] == first[1], "heap:", last[0] - first[0] < 2000)


globals()[sys.argv[1]](*sys.argv[2:3])
