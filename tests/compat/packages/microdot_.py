import asyncio
import json

from microdot import Microdot, Response, redirect, send_file
from microdot.cors import CORS
from microdot.websocket import with_websocket

app = Microdot()
CORS(app, allowed_origins=["http://a"])


@app.get("/")
async def index(request):
    return "Hello " + request.args.get("name", "")


@app.post("/json/<int:number>")
def posted(request, number):
    return {"number": number, "got": request.json}, 201, {"X-Own": "yes"}


@app.get("/away")
def away(request):
    return redirect("/")


@app.get("/many")
async def many(request):
    async def parts():
        for i in range(3):
            yield f"part {i}\n"

    return parts()


@app.errorhandler(404)
def missing(request):
    return "nothing", 404


@app.before_request
def before(request):
    seen.append(request.path)


seen = []


async def ask(request):
    reader, writer = await asyncio.open_connection("127.0.0.1", 5001)
    writer.write(request.encode())
    text = (await reader.read()).decode()
    writer.close()
    head, _, body = text.partition("\r\n\r\n")
    return head, body


async def main():
    server = asyncio.create_task(app.start_server("127.0.0.1", 5001))
    await asyncio.sleep(0.1)
    head, body = await ask("GET /?name=Bob HTTP/1.0\r\n\r\n")
    assert head.startswith("HTTP/1.0 200 OK") and body == "Hello Bob", (head, body)
    content = json.dumps({"a": "é"})
    head, body = await ask(
        f"POST /json/7 HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {len(content.encode())}\r\n\r\n{content}"
    )
    assert " 201 " in head and "X-Own: yes" in head and json.loads(body) == {"number": 7, "got": {"a": "é"}}
    head, body = await ask("GET /away HTTP/1.0\r\n\r\n")
    assert " 302 " in head and "Location: /" in head
    assert (await ask("GET /many HTTP/1.0\r\n\r\n"))[1] == "part 0\npart 1\npart 2\n"
    assert (await ask("GET /none HTTP/1.0\r\n\r\n"))[1] == "nothing"
    assert seen[0] == "/"
    app.shutdown()
    await server


asyncio.run(asyncio.wait_for(main(), 10))
