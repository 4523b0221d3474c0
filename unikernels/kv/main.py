# kv - a server of keys and values that speaks Redis's protocol; runs in an image and, unchanged, on CPython.

import argparse
import asyncio
import logging
import sys

from journal import Journal
from server import Client, Server
from store import Store

MIB = 1 << 20


def parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "kv", description="A server of keys and values that speaks Redis's protocol."
    )
    parser.add_argument("-p", "--port", type=int, default=6379)
    parser.add_argument(
        "--memory", type=int, default=16, metavar="MIB", help="limit of keys and values (%(default)s)"
    )
    parser.add_argument(
        "--clients", type=int, default=1000, metavar="N", help="most connections (%(default)s)"
    )
    parser.add_argument("--append", metavar="FILE", help="keep what is written in this file")
    return parser.parse_args(arguments)


async def serve(options: argparse.Namespace) -> None:
    store = Store(options.memory * MIB)
    journal = Journal(options.append, store) if options.append else None
    server = Server(store, journal, options.clients)
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: Client(server), None, options.port, backlog=511)
    print("kv: listening on port", options.port, flush=True)
    try:
        async with listening:
            await server.housekeeping()
    finally:
        if journal:
            journal.close()


def mount() -> None:
    """Mount the block device at /data, after formatting one that is empty."""
    try:
        import mkernel
    except ImportError:
        return  # CPython
    import os

    device = mkernel.Block("data")
    if not any(device.read(0, device.sector_size)):
        os.VfsFat.mkfs(device)
    os.mount(device, "/data")


def main(arguments: list[str]) -> int:
    options = parsed(arguments)
    logging.basicConfig(format="kv: %(message)s", level=logging.INFO)
    try:
        if options.append and options.append.startswith("/data/"):
            mount()
        asyncio.run(serve(options))
    except OSError as error:
        logging.error("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
