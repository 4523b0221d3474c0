import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/from":
            self.answer(302, Location="/to")
        elif self.path == "/secret":
            self.answer(200 if self.headers["Authorization"] == "Basic YTpi" else 401)
        else:
            self.answer(
                200, f'{{"path": "{self.path}"}}'.encode(), Content_Type="application/json", Set_Cookie="k=v"
            )

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(201, self.headers["Content-Type"].partition(";")[0].encode() + b"|" + body)

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
thread = threading.Thread(target=server.serve_forever)
thread.start()
url = f"http://127.0.0.1:{server.server_port}"
answer = requests.get(url + "/a", params={"q": "x y"}, timeout=5)
assert answer.ok and answer.json() == {"path": "/a?q=x+y"} and answer.encoding == "utf-8"
with requests.Session() as session:
    session.mount("http://", HTTPAdapter(max_retries=2))
    answer = session.get(url + "/from", timeout=5)
    assert answer.url == url + "/to" and [each.status_code for each in answer.history] == [302]
    assert session.cookies.get_dict() == {"k": "v"}
    assert session.get(url + "/secret", auth=HTTPBasicAuth("a", "b")).status_code == 200
    answer = session.post(url, data={"a": "1 2"})
    assert answer.status_code == 201 and answer.text == "application/x-www-form-urlencoded|a=1+2"
    assert session.post(url, json={"a": 1}).text == 'application/json|{"a": 1}'
    answer = session.post(url, files={"f": ("a.txt", b"content")})
    assert answer.text.startswith("multipart/form-data|") and "content" in answer.text
    answer = session.get(url + "/secret")
    try:
        answer.raise_for_status()
        raise AssertionError("no error")
    except requests.HTTPError as error:
        assert "401 Client Error" in str(error)
server.shutdown()
thread.join()
server.server_close()
try:
    requests.get(url, timeout=2)
    raise AssertionError("no error")
except requests.ConnectionError:
    pass
