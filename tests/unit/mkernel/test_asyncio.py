# MicroPython's own asyncio over our select and time: it waits in the scheduler, beside other tasks.

import sys

import mkernel
from mkernel.pollable import IN, Pollable
from support import run

if sys.implementation.name == "micropython":
    import asyncio

    class Pipe(Pollable):
        """What asyncio.StreamReader needs of a stream."""

        def __init__(self):
            self.items = []

        def poll_mask(self):
            return IN if self.items else 0

        def put(self, item):
            self.items.append(item)
            self.poll_changed()

        def read(self, n=-1):
            return self.items.pop(0)

    async def read_all(pipe, log):
        stream = asyncio.StreamReader(pipe)
        while True:
            item = await stream.read(10)
            if not item:
                return
            log.append(item)

    async def tick(log):
        for n in range(3):
            await asyncio.sleep(0.01)
            log.append(n)

    def test_streams_sleeps_and_tasks_of_ours_take_turns():
        log = []

        def feed(pipe):
            mkernel.sleep(0.005)
            for item in (b"a", b"b", b""):
                pipe.put(item)
                mkernel.sleep(0.01)

        async def both(pipe):
            await asyncio.gather(read_all(pipe, log), tick(log))

        def main():
            pipe = Pipe()
            mkernel.spawn(feed, pipe)
            asyncio.run(both(pipe))

        run(main)
        # The interleaving of the two cannot be timed on the unix build: asyncio's clock is real there, ours
        # virtual.
        assert [item for item in log if isinstance(item, bytes)] == [b"a", b"b"]
        assert [item for item in log if isinstance(item, int)] == [0, 1, 2]

    def test_wait_for_times_out():
        async def for_ever():
            await asyncio.sleep(60)

        async def main():
            try:
                await asyncio.wait_for(for_ever(), 0.005)
            except asyncio.TimeoutError:
                return "timed out"

        assert run(asyncio.run, main()) == "timed out"
