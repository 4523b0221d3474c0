"""Publish and subscribe through a broker of our own."""

import socket
import struct
import threading

import paho.mqtt.client as mqtt


def read(conn, count):
    data = b""
    while len(data) < count:
        more = conn.recv(count - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def packet(conn):
    kind = read(conn, 1)[0]
    size, shift = 0, 0
    while True:
        byte = read(conn, 1)[0]
        size |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return kind, read(conn, size)


def broker(listener):
    conn, _ = listener.accept()
    try:
        while True:
            kind, body = packet(conn)
            if kind >> 4 == 1:
                conn.sendall(b"\x20\x02\x00\x00")
            elif kind >> 4 == 8:
                conn.sendall(b"\x90\x03" + body[:2] + b"\x00")
            elif kind >> 4 == 3:
                if kind & 6:
                    size = struct.unpack(">H", body[:2])[0]
                    conn.sendall(b"\x40\x02" + body[2 + size : 4 + size])
                    body = body[: 2 + size] + body[4 + size :]
                conn.sendall(bytes([0x30, len(body)]) + body)
            elif kind >> 4 == 14:
                return
    finally:
        conn.close()


def on_connect(client, userdata, flags, reason_code, properties):
    assert reason_code == 0
    client.subscribe("a/#")


def on_subscribe(client, userdata, mid, reason_codes, properties):
    client.publish("a/b", "hello", qos=1)


def on_message(client, userdata, message):
    got.append((message.topic, message.payload))
    done.set()


got, done = [], threading.Event()
listener = socket.create_server(("127.0.0.1", 0))
thread = threading.Thread(target=broker, args=(listener,))
thread.start()
client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="me")
client.on_connect, client.on_subscribe, client.on_message = on_connect, on_subscribe, on_message
client.connect("127.0.0.1", listener.getsockname()[1], 60)
client.loop_start()
assert done.wait(5)
client.disconnect()
client.loop_stop()
thread.join()
assert got == [("a/b", b"hello")], got
assert mqtt.topic_matches_sub("a/+/c", "a/b/c")
