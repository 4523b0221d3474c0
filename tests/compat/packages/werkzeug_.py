import http.client
import io
import threading

from werkzeug.datastructures import Headers, MultiDict
from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, Rule
from werkzeug.security import check_password_hash, generate_password_hash
from werkzeug.serving import make_server
from werkzeug.test import Client
from werkzeug.utils import secure_filename
from werkzeug.wrappers import Request, Response

urls = Map(
    [
        Rule("/", endpoint="index"),
        Rule("/item/<int:n>", endpoint="item"),
        Rule("/up", endpoint="up", methods=["POST"]),
    ]
)


@Request.application
def app(request):
    adapter = urls.bind_to_environ(request.environ)
    try:
        endpoint, values = adapter.match()
    except NotFound as error:
        return error
    if endpoint == "item":
        return Response(f"item {values['n']} {adapter.build('item', {'n': 9})}")
    if endpoint == "up":
        file = request.files["f"]
        return Response(file.filename + ":" + file.read().decode() + ":" + request.form["a"])
    answer = Response("hello " + request.args.get("name", ""))
    answer.set_cookie("k", "v", httponly=True)
    return answer


client = Client(app)
assert client.get("/?name=bob").text == "hello bob"
assert client.get("/item/7").text == "item 7 /item/9"
assert client.get("/none").status_code == 404
answer = client.post("/up", data={"a": "1", "f": (io.BytesIO(b"content"), "a.txt")})
assert answer.text == "a.txt:content:1", answer.text
server = make_server("127.0.0.1", 0, app)
thread = threading.Thread(target=server.serve_forever)
thread.start()
connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
connection.request("GET", "/?name=x")
answer = connection.getresponse()
assert answer.read() == b"hello x" and answer.getheader("Set-Cookie") == "k=v; HttpOnly; Path=/"
connection.close()
server.shutdown()
thread.join()
assert secure_filename("../../etc/pass wd") == "etc_pass_wd"
hashed = generate_password_hash("secret", method="pbkdf2:sha256:10")
assert check_password_hash(hashed, "secret") and not check_password_hash(hashed, "other")
assert MultiDict([("a", 1), ("a", 2)]).getlist("a") == [1, 2]
assert Headers([("A", "1")])["a"] == "1"
