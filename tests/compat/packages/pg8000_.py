"""A connection to a server of our own that speaks PostgreSQL's protocol as far as the program needs it."""

import socket
import struct
import threading
from hashlib import md5

import pg8000.dbapi
import pg8000.native


def message(kind, body=b""):
    return kind + struct.pack(">i", len(body) + 4) + body


def serve(listener):
    conn, _ = listener.accept()
    file = conn.makefile("rwb")
    size = struct.unpack(">i", file.read(4))[0]
    startup = file.read(size - 4)
    assert b"user\0bob\0" in startup
    file.write(message(b"R", struct.pack(">i", 5) + b"salt"))
    file.flush()
    kind, size = file.read(1), struct.unpack(">i", file.read(4))[0]
    secret = b"md5" + md5(md5(b"secretbob").hexdigest().encode() + b"salt").hexdigest().encode()
    assert kind == b"p" and file.read(size - 4) == secret + b"\0"
    file.write(message(b"R", struct.pack(">i", 0)) + message(b"S", b"server_version\x0015.0\0"))
    file.write(message(b"S", b"client_encoding\0UTF8\0") + message(b"K", bytes(8)) + message(b"Z", b"I"))
    file.flush()
    while True:
        kind = file.read(1)
        if not kind:
            return
        body = file.read(struct.unpack(">i", file.read(4))[0] - 4)
        seen.append((kind, body))
        if kind == b"P":
            file.write(message(b"1"))
        elif kind == b"D":
            names = [(b"id", 23), (b"name", 25), (b"day", 1082)]
            file.write(message(b"t", b"\0\0"))
            row = b"".join(n + b"\0" + struct.pack(">ihihih", 0, 0, oid, -1, -1, 0) for n, oid in names)
            file.write(message(b"T", struct.pack(">h", 3) + row))
        elif kind == b"B":
            file.write(message(b"2"))
        elif kind == b"E":
            row = b"".join(
                struct.pack(">i", len(each)) + each for each in (b"1", "é".encode(), b"2024-02-29")
            )
            file.write(message(b"D", struct.pack(">h", 3) + row) + message(b"C", b"SELECT 1\0"))
        elif kind == b"C":
            file.write(message(b"3"))
        elif kind == b"Q":
            file.write(message(b"C", b"BEGIN\0") + message(b"Z", b"T"))
        elif kind == b"S":
            file.write(message(b"Z", b"I"))
        file.flush()


seen = []
listener = socket.create_server(("127.0.0.1", 0))
thread = threading.Thread(target=serve, args=(listener,))
thread.start()
db = pg8000.native.Connection(
    "bob", password="secret", host="127.0.0.1", port=listener.getsockname()[1], database="shop", timeout=5
)
rows = db.run("SELECT id, name, day FROM t WHERE id = :n", n=1)
assert rows[0][:2] == [1, "é"] and str(rows[0][2]) == "2024-02-29", rows
assert [each["name"] for each in db.columns] == ["id", "name", "day"]
db.close()
thread.join()
assert any(b"SELECT id, name, day FROM t WHERE id = $1" in body for kind, body in seen), seen
assert pg8000.dbapi.paramstyle == "format"
assert pg8000.native.identifier("a b") == '"a b"' and pg8000.native.literal("it's") == "'it''s'"
