"""Many tasks, many cancellations, many connections, and a client that never reads."""

import asyncio

PORT = 7331


async def many_tasks():
    results = await asyncio.gather(*[asyncio.sleep(0.001, i) for i in range(10_000)])
    assert results == list(range(10_000))
    assert len(asyncio.all_tasks()) == 1


async def many_cancellations():
    event, ended = asyncio.Event(), []

    async def waiter(n):
        try:
            await event.wait()
        finally:
            ended.append(n)

    tasks = [asyncio.create_task(waiter(i)) for i in range(2000)]
    await asyncio.sleep(0)
    for _ in range(3):
        for task in tasks:
            task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert all([isinstance(each, asyncio.CancelledError) for each in results])
    assert sorted(ended) == list(range(2000))
    async with asyncio.timeout(10):
        event.set()
        await event.wait()


async def a_client_that_never_reads():
    seen = asyncio.get_running_loop().create_future()

    async def flood(reader, writer):
        most = total = 0
        try:
            while True:
                writer.write(bytes(16384))
                total += 16384
                most = max(most, writer.transport.get_write_buffer_size())
                await writer.drain()
        except ConnectionError:
            seen.set_result((most, total))
        finally:
            writer.close()

    server = await asyncio.start_server(flood, "127.0.0.1", PORT)
    async with server:
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT, limit=1024)
        await asyncio.sleep(0.3)
        assert not seen.done()  # drain() waits
        writer.transport.abort()
        most, total = await asyncio.wait_for(seen, 10)
        assert most <= 2 * 65536 + 16384, most
        assert total < 16 << 20, total


async def many_connections(count, together):
    served = 0

    async def echo(reader, writer):
        nonlocal served
        writer.write(await reader.readline())
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        served += 1

    async def call(n):
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        writer.write(b"%d\n" % n)
        assert await reader.read() == b"%d\n" % n
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(echo, "127.0.0.1", PORT) as server:
        for start in range(0, count, together):
            await asyncio.gather(*[call(start + i) for i in range(together)])
        while served < count:
            await asyncio.sleep(0.01)
        assert len(server.sockets) == 1
    await asyncio.sleep(0.01)
    assert len(asyncio.all_tasks()) == 1, asyncio.all_tasks()


async def main():
    await many_tasks()
    await many_cancellations()
    await a_client_that_never_reads()
    await many_connections(300, 20)


asyncio.run(main())
