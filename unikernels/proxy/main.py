# proxy - a reverse proxy for TCP: connections are handed on to one of several servers, in turn; runs in an
# image and, unchanged, on CPython.

import argparse
import asyncio
import logging
import socket
import struct
import sys
from collections.abc import Iterator

PIECE = 1 << 16  # bytes read at once; no more wait in either direction


def address(text: str) -> tuple[str, int]:
    """Parse HOST:PORT or [IPV6]:PORT."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or not 0 < int(port) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT")
    return host.strip("[]"), int(port)


def parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("proxy", description="A reverse proxy for TCP.")
    parser.add_argument("servers", nargs="+", type=address, metavar="HOST:PORT", help="where connections go")
    parser.add_argument("-p", "--port", type=int, default=8000, help="listens here (%(default)s)")
    parser.add_argument(
        "--most", type=int, default=1000, metavar="N", help="connections at once (%(default)s)"
    )
    parser.add_argument("--timeout", type=float, default=5, metavar="S", help="to connect (%(default)s)")
    parser.add_argument("--idle", type=float, default=300, metavar="S", help="without data (%(default)s)")
    return parser.parse_args(arguments)


def reset(writer: asyncio.StreamWriter) -> None:
    """End a connection with a reset, so that its peer does not take it for complete; none if it has ended."""
    if not writer.is_closing():
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()


async def flushed(writer: asyncio.StreamWriter) -> None:
    """Wait until the system has all that was written: drain() is content with less."""
    writer.transport.set_write_buffer_limits(0)
    await writer.drain()


class Proxy:
    """The servers, of which the next one comes first, and the connections."""

    def __init__(self, options: argparse.Namespace):
        self.options = options
        self.servers = list(options.servers)
        self.open = 0

    def in_turn(self) -> Iterator[tuple[str, int]]:
        """Yield every server once; the next call begins with the next one."""
        self.servers.append(self.servers.pop(0))
        yield from [self.servers[-1], *self.servers[:-1]]

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect to the first server that answers; OSError if none does."""
        for host, port in self.in_turn():
            try:
                async with asyncio.timeout(self.options.timeout):
                    return await asyncio.open_connection(host, port, limit=PIECE)
            except OSError as error:  # TimeoutError is one
                logging.warning("%s:%d: %s", host, port, error or "no answer")
        raise ConnectionError("no server answers")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hand a connection on."""
        peer = "%s:%d" % writer.get_extra_info("peername")[:2]
        if self.open >= self.options.most:
            logging.warning("%s: %d connections are open", peer, self.open)
            reset(writer)
            return
        self.open += 1
        try:
            await self.join(reader, writer)
        except* OSError as group:
            for error in group.exceptions:
                logging.info("%s: %s", peer, error or "timeout")
        finally:
            self.open -= 1
            reset(writer)

    async def join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Copy in both directions until both ends have closed."""
        from_server, to_server = await self.connect()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.copy(reader, to_server))
                group.create_task(self.copy(from_server, writer))
            async with asyncio.timeout(self.options.idle):
                for each in (writer, to_server):
                    await flushed(each)
                    each.close()
        finally:
            reset(to_server)

    async def copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Copy one direction to its end. The other one may go on: each is closed by itself."""
        while True:
            async with asyncio.timeout(self.options.idle):
                data = await reader.read(PIECE)
                if not data:
                    break
                writer.write(data)
                await writer.drain()
        writer.write_eof()


async def run(options: argparse.Namespace) -> None:
    proxy = Proxy(options)
    server = await asyncio.start_server(proxy.serve, None, options.port, limit=PIECE, backlog=511)
    print("proxy: listening on port", options.port, flush=True)
    async with server:
        await server.serve_forever()


def main(arguments: list[str]) -> int:
    options = parsed(arguments)
    logging.basicConfig(format="proxy: %(message)s", level=logging.INFO)
    try:
        asyncio.run(run(options))
    except OSError as error:
        logging.error("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
