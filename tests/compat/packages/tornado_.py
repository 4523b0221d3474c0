import asyncio
import json

import tornado.httpclient
import tornado.ioloop
import tornado.template
import tornado.web
import tornado.websocket


class Main(tornado.web.RequestHandler):
    def get(self, name="you"):
        self.write(f"hello {name} {self.get_argument('q', '')}")


class Json(tornado.web.RequestHandler):
    async def post(self):
        await asyncio.sleep(0)
        self.set_status(201)
        self.write({"got": json.loads(self.request.body)})


class Echo(tornado.websocket.WebSocketHandler):
    def on_message(self, message):
        self.write_message("re: " + message)


async def main():
    app = tornado.web.Application([(r"/", Main), (r"/hi/(\w+)", Main), (r"/json", Json), (r"/ws", Echo)])
    server = app.listen(8082, "127.0.0.1")
    client = tornado.httpclient.AsyncHTTPClient()
    answer = await client.fetch("http://127.0.0.1:8082/hi/bob?q=1")
    assert answer.code == 200 and answer.body == b"hello bob 1"
    answer = await client.fetch("http://127.0.0.1:8082/json", method="POST", body=json.dumps([1]))
    assert answer.code == 201 and json.loads(answer.body) == {"got": [1]}
    answer = await client.fetch("http://127.0.0.1:8082/none", raise_error=False)
    assert answer.code == 404
    ws = await tornado.websocket.websocket_connect("ws://127.0.0.1:8082/ws")
    await ws.write_message("ping")
    assert await ws.read_message() == "re: ping"
    ws.close()
    server.stop()


asyncio.run(asyncio.wait_for(main(), 15))
template = tornado.template.Template("{% for i in items %}<{{ i }}>{% end %}")
assert template.generate(items=["a", "&"]) == b"<a><&amp;>"
