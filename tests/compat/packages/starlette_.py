import asyncio
import contextlib

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Mount, Route, WebSocketRoute


async def home(request):
    return PlainTextResponse("hello " + request.query_params.get("q", ""))


async def user(request):
    return JSONResponse({"id": request.path_params["id"], "body": await request.json()}, status_code=201)


async def stream(request):
    async def parts():
        for i in range(3):
            yield f"{i}\n"

    return StreamingResponse(parts(), media_type="text/plain")


def sync(request):
    return PlainTextResponse(request.headers["x-own"])


class Own(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        answer = await call_next(request)
        answer.headers["x-seen"] = request.url.path
        return answer


async def talk(ws):
    await ws.accept()
    await ws.send_text("re: " + await ws.receive_text())
    await ws.close()


@contextlib.asynccontextmanager
async def lifespan(app):
    events.append("start")
    yield
    events.append("stop")


events = []
app = Starlette(
    routes=[
        Route("/", home),
        Mount("/users", routes=[Route("/{id:int}", user, methods=["POST"])]),
        Route("/stream", stream),
        Route("/sync", sync),
        WebSocketRoute("/ws", talk),
    ],
    middleware=[Middleware(CORSMiddleware, allow_origins=["*"]), Middleware(Own)],
    lifespan=lifespan,
)


async def ask(method, path, body=b"", headers=()):
    path, _, query = path.partition("?")
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(b"host", b"a"), *headers],
        "scheme": "http",
        "server": ("a", 80),
        "client": ("b", 1),
        "root_path": "",
    }
    sent = []
    pending = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive():
        if pending:
            return pending.pop(0)
        await asyncio.sleep(100)

    async def send(message):
        sent.append(message)

    await app(scope, receive, send)
    start = sent[0]
    return start["status"], dict(start["headers"]), b"".join(each.get("body", b"") for each in sent[1:])


async def main():
    status, headers, body = await ask("GET", "/?q=a%20b")
    assert (status, body, headers[b"x-seen"]) == (200, b"hello a b", b"/"), (status, body, headers)
    status, headers, body = await ask("POST", "/users/7", b'{"a": 1}')
    assert status == 201 and body == b'{"id":7,"body":{"a":1}}', body
    assert (await ask("GET", "/stream"))[2] == b"0\n1\n2\n"
    assert (await ask("GET", "/sync", headers=[(b"x-own", b"1"), (b"origin", b"http://x")]))[2] == b"1"
    assert (await ask("GET", "/none"))[0] == 404
    assert (await ask("GET", "/users/7"))[0] == 405
    assert app.url_path_for("home") == "/"


asyncio.run(asyncio.wait_for(main(), 10))
