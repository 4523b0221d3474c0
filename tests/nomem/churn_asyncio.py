# churn_asyncio.py - connections opened and closed by the thousand with asyncio's streams and with its
# protocols: nothing is left of them. An argument is how many. Prints "N tried, M failed".
import sys

TESTS = "/".join(__file__.split("/")[:-1] or ["."]) + "/.."
sys.path[:] = [TESTS + "/../build/library", TESTS + "/../stack", TESTS, ".frozen", TESTS + "/shims"]

import _boot  # noqa: E402

_boot.install_builtins()

__import__("socket")  # first: from within asyncio the imports would nest too deep

import asyncio  # noqa: E402

from mkernel import run, sleep  # noqa: E402
from nomem.lab import SERVER, Lab, memory  # noqa: E402

_TOGETHER = 50
_OVER = 130  # seconds until TIME-WAIT is over, of virtual time
_SLACK = 65536
_PORT = 9000


async def answer(reader, writer):
    while data := await reader.read(100):
        writer.write(data)
        await writer.drain()
    writer.close()


async def ask():
    reader, writer = await asyncio.open_connection(SERVER, _PORT)
    writer.write(b"question")
    assert await reader.readexactly(8) == b"question"
    writer.close()
    await writer.wait_closed()


async def streams(count):
    server = await asyncio.start_server(answer, SERVER, _PORT, backlog=_TOGETHER)
    async with server:
        for _ in range(count // _TOGETHER):
            await asyncio.gather(*[ask() for _ in range(_TOGETHER)])


class Answers(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)


class Asks(asyncio.Protocol):
    def __init__(self):
        self.lost = asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        self.transport = transport
        transport.write(b"question")

    def data_received(self, data):
        assert data == b"question"
        self.transport.close()

    def connection_lost(self, error):
        self.lost.set_result(error)


async def ask_by_protocol():
    _, protocol = await asyncio.get_running_loop().create_connection(Asks, SERVER, _PORT)
    assert await protocol.lost is None


async def protocols(count):
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Answers, SERVER, _PORT, backlog=_TOGETHER)
    async with server:
        for _ in range(count // _TOGETHER):
            await asyncio.gather(*[ask_by_protocol() for _ in range(_TOGETHER)])


WAYS = (streams, protocols)


def play(way, count):
    """Returns the memory in use when all is over."""
    asyncio.run(way(count))
    sleep(_OVER)
    for _ in range(5):  # what has __del__ is gone at the collection after that which finds it
        memory()
        sleep(0.001)
    return memory()


def measure():
    """The names of those ways that left something."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    lab = Lab()
    lab.start()
    tables = [runner.host.tcp for runner in lab.running]
    wrong = []
    play(protocols, count)  # so that tables are as large as they become
    for way in WAYS:
        before = play(way, _TOGETHER)  # what is made once
        left = play(way, count) - before
        if len(sys.argv) > 1:
            print("%s: %d bytes more than before" % (way.__name__, left))
        if left > _SLACK or any([tcp.count or tcp.memory.used for tcp in tables]):
            wrong.append("%s: %d bytes left" % (way.__name__, left))
    return wrong


def main():
    wrong = run(measure)
    print("\n".join(wrong))
    print("%d tried, %d failed" % (len(WAYS), len(wrong)))
    return len(wrong)


if __name__ == "__main__":
    sys.exit(main())
