"""Loops, tasks, streams, threads and sockets of asyncio, as CPython documents them."""

import asyncio
import contextvars
import socket
import threading

PORT = 7341
name = contextvars.ContextVar("name", default="none")


async def callbacks():
    loop, seen = asyncio.get_running_loop(), []
    loop.call_later(0.02, seen.append, "later")
    loop.call_at(loop.time() + 0.01, seen.append, "at")
    loop.call_soon(seen.append, "soon")
    loop.call_soon(seen.append, "never").cancel()
    threading.Thread(target=loop.call_soon_threadsafe, args=(seen.append, "thread")).start()
    await asyncio.sleep(0.1)
    assert sorted(seen) == ["at", "later", "soon", "thread"] and seen[-1] == "later", seen


async def contexts():
    async def child():
        assert name.get() == "main"
        name.set("child")
        await asyncio.sleep(0)
        return name.get()

    name.set("main")
    assert await asyncio.create_task(child()) == "child"
    assert name.get() == "main"
    assert await asyncio.to_thread(name.get) == "main"


async def groups_and_timeouts():
    async def fail(error):
        await asyncio.sleep(0.01)
        raise error

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail(ValueError("a")))
            other = group.create_task(asyncio.sleep(10))
    except* ValueError as caught:
        assert len(caught.exceptions) == 1 and other.cancelled()
    try:
        async with asyncio.timeout(0.01):
            await asyncio.sleep(10)
    except TimeoutError:
        pass
    try:
        await asyncio.wait_for(asyncio.sleep(10), 0.01)
    except asyncio.TimeoutError:
        pass
    inner = asyncio.create_task(asyncio.sleep(0.05, "kept"))
    outer = asyncio.ensure_future(asyncio.shield(inner))
    await asyncio.sleep(0)
    outer.cancel()
    assert await inner == "kept" and outer.cancelled()
    done, pending = await asyncio.wait(
        [inner, asyncio.create_task(asyncio.sleep(9))], return_when="FIRST_COMPLETED"
    )
    assert done == {inner} and len(pending) == 1
    pending.pop().cancel()
    order = [await each for each in asyncio.as_completed([asyncio.sleep(0.02, 2), asyncio.sleep(0.01, 1)])]
    assert order == [1, 2]


async def synchronisation():
    lock, semaphore, log = asyncio.Lock(), asyncio.BoundedSemaphore(2), []
    condition, barrier = asyncio.Condition(), asyncio.Barrier(3)

    async def worker(n):
        async with semaphore, lock:
            log.append(n)
        async with condition:
            await condition.wait_for(lambda: len(log) == 3)
        return await barrier.wait()

    tasks = [asyncio.create_task(worker(n)) for n in range(3)]
    while len(log) < 3:
        await asyncio.sleep(0)
    async with condition:
        condition.notify_all()
    assert sorted(await asyncio.gather(*tasks)) == [0, 1, 2]
    try:
        semaphore.release()
    except ValueError:
        pass
    queue = asyncio.PriorityQueue(2)
    queue.put_nowait(2)
    queue.put_nowait(1)
    try:
        queue.put_nowait(0)
    except asyncio.QueueFull:
        pass
    assert [await queue.get(), queue.get_nowait()] == [1, 2]
    queue.task_done()
    queue.task_done()
    await queue.join()


async def streams():
    failures = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: failures.append(context))

    async def serve(reader, writer):
        assert await reader.readexactly(3) == b"abc"
        assert await reader.readuntil(b"--") == b"def--"
        try:
            await reader.readline()
        except ValueError:
            writer.write(b"too long\n")
        writer.write_eof()
        raise RuntimeError("in the handler")

    server = await asyncio.start_server(serve, "127.0.0.1", PORT, limit=32)
    async with server:
        assert server.is_serving() and server.sockets[0].getsockname()[1] == PORT
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        writer.writelines([b"abc", b"def--", b"x" * 100])
        assert await reader.readline() == b"too long\n"
        assert await reader.read() == b"" and reader.at_eof()
        assert writer.get_extra_info("peername") == ("127.0.0.1", PORT)
        writer.close()
        await writer.wait_closed()
        assert writer.is_closing()
    while not failures:
        await asyncio.sleep(0.01)
    assert str(failures[0]["exception"]) == "in the handler", failures
    try:
        await asyncio.open_connection("127.0.0.1", PORT)
    except ConnectionRefusedError:
        pass
    asyncio.get_running_loop().set_exception_handler(None)


class Upper(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data.upper())

    def eof_received(self):
        self.transport.close()


class Datagrams(asyncio.DatagramProtocol):
    def __init__(self, received):
        self.received = received

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        self.received.put_nowait(data)
        if data == b"ping":
            self.transport.sendto(b"pong", address)


async def transports():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Upper, "127.0.0.1", PORT)
    client = socket.socket()
    client.setblocking(False)
    await loop.sock_connect(client, ("127.0.0.1", PORT))
    await loop.sock_sendall(client, b"hello")
    assert await loop.sock_recv(client, 10) == b"HELLO"
    client.close()
    server.close()
    await server.wait_closed()
    first, second = asyncio.Queue(), asyncio.Queue()
    a, _ = await loop.create_datagram_endpoint(lambda: Datagrams(first), local_addr=("127.0.0.1", 0))
    address = a.get_extra_info("sockname")
    b, _ = await loop.create_datagram_endpoint(lambda: Datagrams(second), remote_addr=address)
    b.sendto(b"ping")
    assert await asyncio.wait_for(second.get(), 5) == b"pong" and await first.get() == b"ping"
    a.close()
    b.close()


async def readers_and_threads():
    loop = asyncio.get_running_loop()
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    readable = asyncio.Event()
    loop.add_reader(ours, readable.set)
    await asyncio.to_thread(theirs.send, b"x")
    await asyncio.wait_for(readable.wait(), 5)
    assert loop.remove_reader(ours) and not loop.remove_reader(ours)
    assert await loop.sock_recv(ours, 5) == b"x"
    ours.close()
    theirs.close()
    assert await loop.run_in_executor(None, lambda: 7) == 7

    async def answer():
        await asyncio.sleep(0.01)
        return threading.current_thread().name

    def other_thread():
        return asyncio.run_coroutine_threadsafe(answer(), loop).result(5)

    assert await asyncio.to_thread(other_thread) == threading.current_thread().name
    try:
        await asyncio.create_subprocess_exec("true" if False else "/nothing/here")
    except (OSError, NotImplementedError):
        pass


async def generators():
    closed = []

    async def numbers():
        try:
            for i in range(3):
                await asyncio.sleep(0)
                yield i
        finally:
            closed.append(True)

    assert [i async for i in numbers()] == [0, 1, 2]
    async for _ in numbers():
        break
    assert len(closed) >= 1


async def main():
    for part in (
        callbacks,
        contexts,
        groups_and_timeouts,
        synchronisation,
        streams,
        transports,
        readers_and_threads,
        generators,
    ):
        await part()
    return "done"


def in_a_thread():
    """A loop beside the main thread, which uses sockets in direct style."""
    results = []
    ready = threading.Event()

    async def serve():
        stop = asyncio.Event()

        async def echo(reader, writer):
            writer.write(await reader.readline())
            await writer.drain()
            writer.close()
            stop.set()

        async with await asyncio.start_server(echo, "127.0.0.1", PORT + 1):
            ready.set()
            await stop.wait()
            await asyncio.sleep(0.01)
        results.append("served")

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(5)
    with socket.create_connection(("127.0.0.1", PORT + 1)) as client:
        client.sendall(b"hi\n")
        assert client.recv(10) == b"hi\n"
    thread.join()
    assert results == ["served"]


assert asyncio.run(main()) == "done"
in_a_thread()
with asyncio.Runner() as runner:
    assert runner.run(asyncio.sleep(0, 1)) == 1 and runner.run(asyncio.sleep(0, 2)) == 2
try:
    asyncio.get_running_loop()
except RuntimeError as error:
    assert str(error) == "no running event loop"
