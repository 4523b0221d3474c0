import asyncio
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/from":
            self.send_response(302)
            self.send_header("Location", "/to")
            self.end_headers()
            return
        body = f'{{"path": "{self.path}", "agent": "{self.headers["User-Agent"][:12]}"}}'.encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Set-Cookie", "a=1")
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201)
        self.end_headers()
        self.wfile.write(self.headers["Content-Type"].encode() + b"|" + body)

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
thread = threading.Thread(target=server.serve_forever)
thread.start()
url = f"http://127.0.0.1:{server.server_port}"
with httpx.Client(base_url=url, timeout=5) as client:
    answer = client.get("/a", params={"q": "x y"})
    assert answer.status_code == 200 and answer.json() == {"path": "/a?q=x+y", "agent": "python-httpx"}, (
        answer.text
    )
    assert answer.cookies["a"] == "1" and answer.url == f"{url}/a?q=x+y"
    answer = client.get("/from", follow_redirects=True)
    assert answer.json()["path"] == "/to" and len(answer.history) == 1
    assert client.post("/", data={"k": "v w"}).text == "application/x-www-form-urlencoded|k=v+w"
    assert client.post("/", json=[1]).text == "application/json|[1]"
    with client.stream("GET", "/s") as answer:
        assert b"".join(answer.iter_bytes()).startswith(b"{")


async def main():
    async with httpx.AsyncClient() as client:
        answers = await asyncio.gather(*(client.get(f"{url}/{i}") for i in range(3)))
        assert [a.json()["path"] for a in answers] == ["/0", "/1", "/2"]


asyncio.run(asyncio.wait_for(main(), 10))
transport = httpx.MockTransport(lambda request: httpx.Response(418, text="tea"))
answer = httpx.Client(transport=transport).get("http://none/")
try:
    answer.raise_for_status()
    raise AssertionError("no error")
except httpx.HTTPStatusError as error:
    assert error.response.text == "tea"
server.shutdown()
thread.join()
