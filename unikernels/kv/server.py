"""Connections: requests of a stream are executed in order, replies go out together."""

import asyncio
import logging

import keys  # noqa: F401 - it and the next four register their commands
import lists  # noqa: F401
import rankings  # noqa: F401
import tables  # noqa: F401
import texts  # noqa: F401
from commands import find, run
from journal import Journal
from resp import OK, ProtocolError, ReplyError, Requests, encode, encode_error
from store import Store

LARGEST = 1 << 20  # bytes of a request
PIECE = 1 << 16  # bytes of replies that are written together


class Server:
    """The store, its clients and its journal."""

    def __init__(self, store: Store, journal: Journal | None, most: int):
        self.store = store
        self.journal = journal
        self.most = most
        self.clients: set[Client] = set()
        self.requests = self.connections = 0

    def execute(self, words: list[bytes]) -> object:
        self.requests += 1
        name = words[0].lower()
        if name == b"info":
            return self.info()
        if name == b"config":
            return config(words)
        if name == b"client":
            return client(words)
        command = find(words)
        reply = run(command, self.store, words)
        if self.journal and command.writes:
            self.journal.write(words, reply)
        return reply

    def info(self) -> str:
        """Return the figures that clients ask for, with Redis's names."""
        figures = {
            "# Server": None,
            "redis_version": "6.0.0",
            "redis_mode": "standalone",
            "# Clients": None,
            "connected_clients": len(self.clients),
            "# Memory": None,
            "used_memory": self.store.used,
            "maxmemory": self.store.limit,
            "# Stats": None,
            "total_connections_received": self.connections,
            "total_commands_processed": self.requests,
            "expired_keys": self.store.expired,
            "# Keyspace": None,
            "db0": f"keys={len(self.store.values)},expires={len(self.store.expiry)}",
        }
        return "".join(
            f"{name}\r\n" if value is None else f"{name}:{value}\r\n" for name, value in figures.items()
        )

    async def housekeeping(self) -> None:
        """Once a second: remove keys whose time is over, write the journal out."""
        while True:
            await asyncio.sleep(1)
            self.store.expire()
            if self.journal:
                self.journal.sync()


def config(words: list[bytes]) -> object:
    """CONFIG GET has nothing; benchmarks ask for two values."""
    if len(words) > 1 and words[1].lower() == b"get":
        known = {b"save": b"", b"appendonly": b"no"}
        return [each for name in words[2:] if name in known for each in (name, known[name])]
    raise ReplyError("ERR CONFIG has GET only")


def client(words: list[bytes]) -> object:
    """CLIENT SETNAME and SETINFO are taken, and forgotten."""
    if len(words) > 1 and words[1].lower() in (b"setname", b"setinfo"):
        return OK
    raise ReplyError("ERR CLIENT has SETNAME and SETINFO only")


class Client(asyncio.Protocol):
    """A connection. While its peer does not read, nothing is read from it, and nothing executed."""

    def __init__(self, server: Server):
        self.server = server
        self.requests = Requests(LARGEST)
        self.transport: asyncio.Transport
        self.is_paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]
        self.server.connections += 1
        if len(self.server.clients) >= self.server.most:
            self.transport.write(encode_error("ERR max number of clients reached"))
            self.transport.close()
            return
        self.server.clients.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        self.server.clients.discard(self)

    def pause_writing(self) -> None:
        self.is_paused = True
        self.transport.pause_reading()

    def resume_writing(self) -> None:
        self.is_paused = False
        self.transport.resume_reading()
        self.execute()

    def data_received(self, data: bytes) -> None:
        self.requests.feed(data)
        self.execute()

    def execute(self) -> None:
        """Answer the requests that have arrived, as long as the peer takes the replies: a request of a few
        bytes may have a reply of a megabyte."""
        replies, size = [], 0
        try:
            while not (self.is_paused or self.transport.is_closing()):
                words = self.requests.next()
                if words is None:
                    break
                replies.append(self.reply(words))
                size += len(replies[-1])
                if words[0].lower() == b"quit":
                    self.end(replies)
                elif size > PIECE:
                    self.transport.write(b"".join(replies))
                    replies, size = [], 0
        except ProtocolError as error:
            logging.warning("%s: %s", self.transport.get_extra_info("peername"), error)
            self.end([*replies, encode_error(f"ERR Protocol error: {error}")])
        else:
            if replies and not self.transport.is_closing():
                self.transport.write(b"".join(replies))

    def end(self, replies: list[bytes]) -> None:
        self.transport.write(b"".join(replies))
        self.transport.close()

    def reply(self, words: list[bytes]) -> bytes:
        if words[0].lower() == b"quit":
            return encode(OK)
        try:
            return encode(self.server.execute(words))
        except ReplyError as error:
            return encode_error(str(error))
