import asyncio
import json

import aiohttp
from aiohttp import web


async def hello(request):
    name = request.match_info.get("name", "you")
    return web.Response(text=f"hello {name} {request.query.get('q', '')}")


async def echo(request):
    data = await request.json()
    return web.json_response({"got": data}, status=201, headers={"X-Own": "1"})


async def talk(request):
    ws = web.WebSocketResponse()
    await ws.prepare(request)
    async for message in ws:
        if message.type == aiohttp.WSMsgType.TEXT:
            await ws.send_str("re: " + message.data)
    return ws


@web.middleware
async def count(request, handler):
    seen.append(request.path)
    return await handler(request)


seen = []


async def main():
    app = web.Application(middlewares=[count])
    app.add_routes(
        [web.get("/", hello), web.get("/hi/{name}", hello), web.post("/echo", echo), web.get("/ws", talk)]
    )
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 8081)
    await site.start()
    base = "http://127.0.0.1:8081"
    async with aiohttp.ClientSession() as session:
        async with session.get(base + "/hi/bob", params={"q": "a b"}) as answer:
            assert answer.status == 200 and await answer.text() == "hello bob a b"
            assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        async with session.post(base + "/echo", json={"a": [1, "é"]}) as answer:
            assert answer.status == 201 and answer.headers["x-own"] == "1"
            assert json.loads(await answer.read()) == {"got": {"a": [1, "é"]}}
        async with session.get(base + "/none") as answer:
            assert answer.status == 404
        async with session.ws_connect(base + "/ws") as ws:
            await ws.send_str("ping")
            assert (await ws.receive()).data == "re: ping"
    await runner.cleanup()
    assert seen[0] == "/hi/bob", seen


asyncio.run(asyncio.wait_for(main(), 15))
