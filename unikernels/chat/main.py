# chat - a line chat over TCP with asyncio: what a client writes, all others read. A client that does not read
# misses lines, and does not delay the others.

import asyncio
import sys

PORT = 7000
LINE = 1024  # bytes, the longest line
QUEUED = 64  # lines for a client that is slow
IDLE = 600  # seconds until a silent client is closed


class Room:
    """The clients, each with a queue of lines."""

    def __init__(self):
        self.queues = {}

    def join(self, name):
        self.queues[name] = asyncio.Queue(QUEUED)
        return self.queues[name]

    def leave(self, name):
        del self.queues[name]

    def say(self, line, sender=None):
        """Queue a line for every client but the sender."""
        for name, queue in self.queues.items():
            if name != sender and not queue.full():
                queue.put_nowait(line)


async def send_lines(queue, writer):
    while True:
        writer.write(await queue.get() + b"\n")
        await writer.drain()


async def read_lines(room, name, reader):
    while True:
        async with asyncio.timeout(IDLE):
            line = await reader.readline()
        if not line:
            return
        room.say(name.encode() + b": " + line.strip(), name)


async def client(room, reader, writer):
    name = "%s:%d" % writer.get_extra_info("peername")[:2]
    sender = asyncio.create_task(send_lines(room.join(name), writer))
    room.say(name.encode() + b" is here")
    try:
        await read_lines(room, name, reader)
    except (ValueError, TimeoutError, ConnectionError):
        pass  # a line that is too long, an idle client, a broken connection
    finally:
        sender.cancel()
        room.leave(name)
        room.say(name.encode() + b" has left")
        writer.close()


async def main(port):
    room = Room()

    async def connected(reader, writer):
        await client(room, reader, writer)

    server = await asyncio.start_server(connected, "0.0.0.0", port, limit=LINE)
    print("chat: listening on port", port, flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else PORT))
