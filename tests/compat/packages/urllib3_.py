import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import urllib3
from urllib3.util import Retry, Timeout, parse_url


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        count.append(self.path)
        status = 503 if self.path == "/busy" and count.count("/busy") < 3 else 200
        body = b"0123456789" * 10
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


count = []
server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
thread = threading.Thread(target=server.serve_forever)
thread.start()
url = f"http://127.0.0.1:{server.server_port}"
http = urllib3.PoolManager(timeout=Timeout(5), retries=Retry(3, status_forcelist=[503], backoff_factor=0))
answer = http.request("GET", url + "/a", fields={"x": "1"})
assert answer.status == 200 and answer.data[:3] == b"012" and count == ["/a?x=1"]
assert http.request("GET", url + "/busy").status == 200 and count.count("/busy") == 3
answer = http.request("POST", url, json={"a": 1})
assert answer.json() == {"a": 1}
answer = http.request("POST", url, fields={"f": ("a.txt", "content")})
assert b'filename="a.txt"' in answer.data and b"content" in answer.data
answer = http.request("GET", url, preload_content=False)
assert [len(each) for each in answer.stream(40)] == [40, 40, 20]
answer.release_conn()
server.shutdown()
thread.join()
server.server_close()
http.clear()
try:
    http.request("GET", url, retries=0, timeout=2)
    raise AssertionError("no error")
except urllib3.exceptions.MaxRetryError:
    pass
assert parse_url("http://user@host:80/p?q#f").host == "host"
