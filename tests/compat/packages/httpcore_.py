import asyncio
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpcore


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = self.path.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


server = HTTPServer(("127.0.0.1", 0), Handler)
thread = threading.Thread(target=server.serve_forever)
thread.start()
url = f"http://127.0.0.1:{server.server_port}"
with httpcore.ConnectionPool() as pool:
    for path in ("/a", "/b"):
        answer = pool.request("GET", url + path, headers={"X": "1"})
        assert answer.status == 200 and answer.content == path.encode(), answer
    assert len(pool.connections) == 1, pool.connections


async def main():
    async with httpcore.AsyncConnectionPool() as pool:
        answer = await pool.request("GET", url + "/async")
        assert answer.content == b"/async"


asyncio.run(asyncio.wait_for(main(), 10))
server.shutdown()
thread.join()
