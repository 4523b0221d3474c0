import http.client
import threading

from flask import (
    Blueprint,
    Flask,
    abort,
    jsonify,
    redirect,
    render_template_string,
    request,
    session,
    url_for,
)
from werkzeug.serving import make_server

app = Flask(__name__)
app.secret_key = "not so secret"
bp = Blueprint("api", __name__, url_prefix="/api")


@app.route("/")
def index():
    return render_template_string(
        "<p>{{ name|upper }}{% if x %} {{ x }}{% endif %}</p>", name="a<b", x=request.args.get("x")
    )


@bp.route("/items/<int:number>", methods=["GET", "POST"])
def items(number):
    if request.method == "POST":
        return jsonify(number=number, got=request.get_json()), 201
    return {"number": number, "url": url_for("api.items", number=number)}


@app.route("/login", methods=["POST"])
def login():
    session["user"] = request.form["user"]
    return redirect(url_for("me"))


@app.route("/me")
def me():
    if "user" not in session:
        abort(401)
    return session["user"]


@app.errorhandler(404)
def missing(error):
    return "nothing here", 404


app.register_blueprint(bp)
client = app.test_client()
assert client.get("/?x=1").data == b"<p>A&lt;B 1</p>"
answer = client.post("/api/items/3", json={"a": 1})
assert answer.status_code == 201 and answer.get_json() == {"got": {"a": 1}, "number": 3}
assert client.get("/me").status_code == 401
answer = client.post("/login", data={"user": "bob"})
assert answer.status_code == 302 and answer.headers["Location"] == "/me"
assert client.get("/me").data == b"bob"
assert client.get("/none").data == b"nothing here"
assert client.delete("/api/items/3").status_code == 405

server = make_server("127.0.0.1", 0, app, threaded=True)
thread = threading.Thread(target=server.serve_forever)
thread.start()
connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
connection.request("GET", "/api/items/7")
answer = connection.getresponse()
assert answer.status == 200 and answer.read() == b'{"number":7,"url":"/api/items/7"}\n'
connection.close()
server.shutdown()
thread.join()
