# named - two devices that the image's arguments configure; serves both, then shows the counters of each.

import socket

import mnet
import mnet.runner

PORT = 9000


def main():
    with socket.create_server(("", PORT)) as server:
        running = mnet.runner.current().running
        for each in running:
            print("named:", each.name, each.addresses)
        print("named: listening on port", PORT, flush=True)
        for _ in running:
            connection, _ = server.accept()
            with connection:
                while data := connection.recv(4096):
                    connection.sendall(data)
    for each in running:
        counters = mnet.counters(each.name)
        print("named:", each.name, "received some" if counters["rx_packets"] > 2 else "received nothing")
    print("named: opened", counters["TcpPassiveOpens"], "segments", counters["TcpInSegs"] > 6, flush=True)


if __name__ == "__main__":
    main()
