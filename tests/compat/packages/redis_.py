"""Commands to a server of our own that speaks RESP as far as the program needs it."""

import asyncio
import socketserver
import threading

import redis
import redis.asyncio


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        while True:
            line = self.rfile.readline()
            if not line:
                return
            words = []
            for _ in range(int(line[1:])):
                size = int(self.rfile.readline()[1:])
                words.append(self.rfile.read(size + 2)[:-2])
            self.wfile.write(self.answer([words[0].upper().decode(), *words[1:]]))

    def answer(self, words):
        command, *rest = words
        if command == "SET":
            data[rest[0]] = rest[1]
            return b"+OK\r\n"
        if command == "GET":
            value = data.get(rest[0])
            return b"$-1\r\n" if value is None else b"$%d\r\n%s\r\n" % (len(value), value)
        if command in ("INCR", "INCRBY"):
            data[rest[0]] = b"%d" % (int(data.get(rest[0], b"0")) + 1)
            return b":%s\r\n" % data[rest[0]]
        if command == "KEYS":
            return b"*%d\r\n" % len(data) + b"".join(b"$%d\r\n%s\r\n" % (len(k), k) for k in data)
        if command == "HGETALL":
            return b"*4\r\n$1\r\na\r\n$1\r\n1\r\n$1\r\nb\r\n$1\r\n2\r\n"
        if command in ("CLIENT", "SELECT"):
            return b"+OK\r\n"
        return b"-ERR unknown command '%s'\r\n" % command.encode()


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


data = {}
server = Server(("127.0.0.1", 0), Handler)
thread = threading.Thread(target=server.serve_forever)
thread.start()
port = server.server_address[1]
client = redis.Redis(host="127.0.0.1", port=port, decode_responses=True, socket_timeout=5, protocol=2)
assert client.set("name", "é") is True
assert client.get("name") == "é" and client.get("none") is None
assert [client.incr("n") for _ in range(3)] == [1, 2, 3]
assert client.hgetall("h") == {"a": "1", "b": "2"}
assert sorted(client.keys()) == ["n", "name"]
with client.pipeline(transaction=False) as pipe:
    assert pipe.set("x", 1).get("x").execute() == [True, "1"]
try:
    client.execute_command("NOPE")
    raise AssertionError("no error")
except redis.ResponseError as error:
    assert "unknown command" in str(error)
client.close()


async def main():
    client = redis.asyncio.Redis(host="127.0.0.1", port=port, protocol=2)
    await client.set("later", "1")
    assert await client.get("later") == b"1"
    await client.aclose()


asyncio.run(asyncio.wait_for(main(), 10))
server.shutdown()
thread.join()
