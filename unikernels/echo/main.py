# echo - the echo server and its client; runs in an image and, unchanged, on CPython.
import sys

import client
import services

USAGE = "usage: echo server [-p PORT] [--limit N] [--inetd] | client IP[:PORT] [LENGTH]"
PORT = 9000


class UsageError(Exception):
    """Invalid arguments."""


def number(text, low, high):
    """Return a decimal number between two bounds."""
    if not text.isdigit() or not low <= int(text) <= high:
        raise UsageError("%r is not a number from %d to %d" % (text, low, high))
    return int(text)


def server(arguments):
    """Serve until the limit, or without end."""
    port, limit, inetd = PORT, None, False
    while arguments:
        option = arguments.pop(0)
        if option == "--inetd":
            inetd = True
        elif option in ("-p", "--limit") and arguments:
            value = arguments.pop(0)
            if option == "-p":
                port = number(value, 1, 65535)
            else:
                limit = number(value, 1, 1000000)
        else:
            raise UsageError("unknown argument %r" % option)
    listening = services.Server(port, services.echo, limit)
    services.in_background(services.udp_answers, services.udp_socket(port), lambda data: data)
    if inetd:
        services.start_inetd()
    print("echo: listening on port %d" % port, flush=True)
    listening.run()
    return 0


def end(text):
    """Parse IP, IP:PORT or [IPV6]:PORT into (host, port)."""
    host, colon, port = text[1:].partition("]:") if text[:1] == "[" else text.partition(":")
    if text[:1] != "[" and ":" in port:  # an IPv6 address by itself
        return text, PORT
    return host.rstrip("]"), number(port, 1, 65535) if colon else PORT


def client_of(arguments):
    """Run the client; the exit code is 0 if the server answered correctly."""
    if not 1 <= len(arguments) <= 2:
        raise UsageError("client needs an address")
    host, port = end(arguments[0])
    length = number(arguments[1], 0, 1 << 40) if len(arguments) > 1 else 4096
    return 0 if client.compare(host, port, length) else 1


def main(arguments):
    """Run one of the two; return the exit code."""
    try:
        if arguments and arguments[0] == "server":
            return server(arguments[1:])
        if arguments and arguments[0] == "client":
            return client_of(arguments[1:])
        raise UsageError("say server or client")
    except UsageError as error:
        print("echo: %s\n%s" % (error, USAGE))
        return 2
    except OSError as error:
        print("echo: %s" % error)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
