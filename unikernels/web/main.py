# web - a page about the machine itself, as JSON and for Prometheus too; with microdot from PyPI. Runs in an
# image and, unchanged, on CPython.

import argparse
import asyncio
import logging
import ssl
import sys
from pathlib import Path

from figures import figures, prometheus
from microdot import Microdot, Response, send_file

STATIC = Path(__file__).parent / "static"
TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}
LARGEST = 16 * 1024  # bytes of a request's body

app = Microdot()
served = 0


@app.before_request
async def count(_request):
    global served
    served += 1


@app.get("/")
async def index(_request):
    return static_file("index.html")


@app.get("/static/<path:name>")
async def static(_request, name):
    return static_file(name)


def static_file(name: str):
    """Send a file of the folder static/, and none of another folder."""
    kind = TYPES.get(name.rpartition(".")[2])
    path = STATIC / name
    if kind is None or ".." in path.parts or not path.is_file():
        return {"error": "not found"}, 404
    return send_file(str(path), content_type=kind, max_age=3600)


@app.get("/api/figures")
async def api(_request):
    return {**figures(), "requests": served}


@app.get("/metrics")
async def metrics(_request):
    return Response(prometheus(served), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})


@app.errorhandler(404)
async def not_found(_request):
    return {"error": "not found"}, 404


def parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("web", description="A page about the machine itself.")
    parser.add_argument("-p", "--port", type=int, default=8080)
    parser.add_argument("--cert", metavar="FILE", help="certificates in PEM: HTTPS instead of HTTP")
    parser.add_argument("--key", metavar="FILE", help="the key, if it is not in the same file")
    return parser.parse_args(arguments)


async def serve(port: int, context: ssl.SSLContext | None) -> None:
    serving = asyncio.create_task(app.start_server(port=port, ssl=context))
    while not (app.server or serving.done()):
        await asyncio.sleep(0.01)
    if not serving.done():
        print("web: listening on port", port, flush=True)
    await serving


def main(arguments: list[str]) -> int:
    options = parsed(arguments)
    logging.basicConfig(format="web: %(message)s", level=logging.INFO)
    Response.default_content_type = "text/plain; charset=utf-8"
    app.max_content_length = LARGEST
    context = None
    try:
        if options.cert:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(options.cert, options.key)
        asyncio.run(serve(options.port, context))
    except OSError as error:
        logging.error("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
