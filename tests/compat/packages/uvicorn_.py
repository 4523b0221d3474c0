import asyncio
import http.client
import threading

import uvicorn


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            seen.append(message["type"])
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    text = f"{scope['method']} {scope['path']} {scope['query_string'].decode()} ".encode() + body
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": text})


seen = []
config = uvicorn.Config(app, host="127.0.0.1", port=8083, log_level="warning", http="h11", ws="none")
server = uvicorn.Server(config)


def ask():
    connection = http.client.HTTPConnection("127.0.0.1", 8083, timeout=5)
    for method, path, body in (("GET", "/a?x=1", None), ("POST", "/b", "body")):
        connection.request(method, path, body)
        answers.append(connection.getresponse().read())
    connection.close()


async def main():
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    await asyncio.to_thread(ask)
    server.should_exit = True
    await task


answers = []
asyncio.run(asyncio.wait_for(main(), 15))
assert answers == [b"GET /a x=1 ", b"POST /b  body"], answers
assert seen == ["lifespan.startup", "lifespan.shutdown"], seen
