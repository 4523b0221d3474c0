import asyncio

import websockets
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve


async def handler(ws):
    async for message in ws:
        await ws.send(message[::-1] if isinstance(message, bytes) else "re: " + message)


async def main():
    async with serve(handler, "127.0.0.1", 8765) as server:
        async with connect("ws://127.0.0.1:8765/path") as ws:
            await ws.send("hello é")
            assert await ws.recv() == "re: hello é"
            await ws.send(b"\x01\x02")
            assert await ws.recv() == b"\x02\x01"
            big = "x" * 100000
            await ws.send(big)
            assert await ws.recv() == "re: " + big
            await (await ws.ping())
        try:
            await ws.recv()
            raise AssertionError("no error")
        except websockets.ConnectionClosedOK as error:
            assert error.rcvd.code == 1000


asyncio.run(asyncio.wait_for(main(), 15))
