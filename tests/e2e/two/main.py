# two - an image with two networks and two disks, in an arbitrary order: identifies and serves both.

import socket
import threading

import mkernel
import mnet

PORT = 7000


def serve(listener):
    """Echo each connection in a thread."""
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=echo, args=(connection,), daemon=True).start()


def echo(connection):
    with connection:
        while data := connection.recv(4096):
            connection.sendall(data)


for name in ("first", "second"):
    block = mkernel.Block(name)
    print(name, block.capacity, block.read(0, block.sector_size)[:4])
left = mnet.stack("left", "10.0.0.2/24")
right = mnet.stack("right", "10.0.1.2/24")
with socket.create_server(("0.0.0.0", PORT)) as server:
    print("listening on port", PORT, flush=True)
    serve(server)
