"""A connection to a server of our own that speaks MySQL's protocol as far as the program needs it."""

import socket
import struct
import threading

import pymysql
import pymysql.cursors
from pymysql.converters import escape_string


def packet(number, body):
    return struct.pack("<I", len(body))[:3] + bytes([number]) + body


def read_packet(conn):
    head = conn.recv(4, socket.MSG_WAITALL)
    if len(head) < 4:
        return b""
    size = struct.unpack("<I", head[:3] + b"\0")[0]
    return conn.recv(size, socket.MSG_WAITALL) if size else b""


def lenenc(text):
    return bytes([len(text)]) + text


def column(name, kind):
    body = lenenc(b"def") + lenenc(b"") * 3 + lenenc(name) + lenenc(name)
    return body + b"\x0c" + struct.pack("<HIBHB", 33, 255, kind, 0, 0) + b"\0\0"


def serve(listener):
    conn, _ = listener.accept()
    capabilities = 0x00000001 | 0x00000200 | 0x00008000 | 0x00080000 | 0x00000008 | 0x00002000
    greeting = b"\x0a8.0.0\0" + struct.pack("<I", 7) + b"12345678\0"
    greeting += struct.pack("<H", capabilities & 0xFFFF) + b"\x21" + struct.pack("<H", 2)
    greeting += struct.pack("<H", capabilities >> 16) + b"\x15" + bytes(10) + b"901234567890\0"
    greeting += b"mysql_native_password\0"
    conn.sendall(packet(0, greeting))
    login = read_packet(conn)
    assert b"root" in login and b"shop" in login
    ok = b"\0\0\0\x02\0\0\0"
    eof = b"\xfe\0\0\x02\0"
    conn.sendall(packet(2, ok))
    while True:
        query = read_packet(conn)
        if not query or query[:1] == b"\x01":
            break
        if query.startswith(b"\x03SELECT"):
            queries.append(query[1:].decode())
            rows = [lenenc(b"1") + lenenc(b"caf\xc3\xa9"), lenenc(b"2") + b"\xfb"]
            answer = [b"\x02", column(b"id", 3), column(b"name", 253), eof, *rows, eof]
            conn.sendall(b"".join(packet(i + 1, each) for i, each in enumerate(answer)))
        elif query.startswith(b"\x03BAD"):
            conn.sendall(packet(1, b"\xff\x28\x04#42000You have an error"))
        else:
            conn.sendall(packet(1, ok))
    conn.close()


queries = []
listener = socket.create_server(("127.0.0.1", 0))
thread = threading.Thread(target=serve, args=(listener,))
thread.start()
db = pymysql.connect(
    host="127.0.0.1",
    port=listener.getsockname()[1],
    user="root",
    password="secret",
    database="shop",
    cursorclass=pymysql.cursors.DictCursor,
)
with db:
    with db.cursor() as cursor:
        count = cursor.execute("SELECT id, name FROM t WHERE name = %s AND n > %s", ("it's", 3))
        rows = cursor.fetchall()
        assert count == 2, count
        assert rows == [{"id": 1, "name": "café"}, {"id": 2, "name": None}], rows
        try:
            cursor.execute("BAD")
            raise AssertionError("no error")
        except pymysql.err.ProgrammingError as error:
            assert error.args == (1064, "You have an error"), error.args
    db.commit()
thread.join()
assert queries == ["SELECT id, name FROM t WHERE name = 'it\\'s' AND n > 3"], queries
assert escape_string("a'b\n") == "a\\'b\\n"
