# twonets - two devices, each with a stack of its own that the program starts and stops; served with asyncio.

import asyncio

import mnet
import mnet.runner

PORT = 9000


async def serve(stop):
    async def echo(reader, writer):
        while data := await reader.read(8192):
            if data == b"stop":
                stop.set()
            writer.write(data)
            await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(echo, "0.0.0.0", PORT)
    print("twonets: listening on port", PORT, flush=True)
    await stop.wait()
    server.close()
    await server.wait_closed()


def main():
    try:
        mnet.stack("middle", "10.0.0.2/24")
    except OSError as error:
        print("middle:", error)
    with mnet.stack("left", "10.0.0.2/24", gateway="10.0.0.1", ipv6="off") as left:
        with mnet.stack("right", "10.0.1.2/24", ipv6="off") as right:
            print("addresses", left.addresses, right.addresses)
            asyncio.run(serve(asyncio.Event()))
            print("opened", left.stats.tcp_opened, "bugs", left.stats.bugs)
        print("running", [each.name for each in mnet.runner.current().running], flush=True)


if __name__ == "__main__":
    main()
