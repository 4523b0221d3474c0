import http.client
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

import bottle

app = bottle.Bottle()


@app.route("/hello/<name>")
def hello(name):
    return bottle.template("<b>Hello {{name}}</b>!", name=name)


@app.get("/item/<number:int>")
def item(number):
    return {"number": number + 1}


@app.post("/form")
def form():
    bottle.response.set_cookie("seen", "yes")
    return bottle.request.forms.get("a") + bottle.request.query.q


@app.get("/stop")
def stop():
    bottle.abort(403, "no")


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


server = make_server("127.0.0.1", 0, app, handler_class=Quiet)
thread = threading.Thread(target=server.serve_forever)
thread.start()


def ask(method, path, body=None, headers={}):
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text, answer


assert ask("GET", "/hello/%3Cbob%3E")[1] == "<b>Hello &lt;bob&gt;</b>!"
status, text, answer = ask("GET", "/item/41")
assert text == '{"number": 42}' and answer.getheader("content-type") == "application/json"
form = {"Content-Type": "application/x-www-form-urlencoded"}
status, text, answer = ask("POST", "/form?q=2", "a=1+x", form)
assert text == "1 x2" and answer.getheader("Set-Cookie") == "seen=yes", (text, answer.getheaders())
assert ask("GET", "/stop")[0] == 403
assert ask("GET", "/item/x")[0] == 404
assert ask("POST", "/item/1")[0] == 405
server.shutdown()
thread.join()
server.server_close()
assert bottle.template("% for i in items:\n{{i}},\n% end", items=[1, 2]) == "1,\n2,\n"
