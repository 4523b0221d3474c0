# console - a task that prints more than any pipe holds, beside a network. test_console.py reads the console,
# or not.

import sys

import mkernel

count = int(sys.argv[1])


def talk():
    for n in range(count):
        print("line", n, "." * (100 + n % 100))
        if n % 100 == 0:  # if the console takes or drops everything, no other call waits
            mkernel.sleep(0)
    print("all said")


mkernel.spawn(talk).join()
if "stay" in sys.argv:
    mkernel.sleep(60)
if "fault" in sys.argv:
    raise ValueError("the last words")
