"""`make run`: the echo image in the foreground, and how to reach it."""

from host.build import image
from host.errors import LaunchError
from host.net.netns import Namespace
from host.net.tap import tap
from host.options import Forward, Net, Options
from host.report import say
from host.run import foreground, launch

PORT = 9000
DEVICE = "service"
NAMESPACE = "pymnet"
HOST_ADDRESS, GUEST_ADDRESS = "10.0.0.1", "10.0.0.2"


def host_port() -> int:
    """Return the port of the echo service, or a free one if it is in use."""
    if all(launch.is_free(Forward(PORT, PORT, protocol)) for protocol in ("tcp", "udp")):
        return PORT
    port = launch.free_port()
    say(f"port {PORT} is in use on this machine, so this is on {port}")
    return port


def with_user_networking() -> int:
    port = host_port()
    forwards = tuple(Forward(port, PORT, protocol) for protocol in ("tcp", "udp"))
    say(f"talk to it:  nc 127.0.0.1 {port}      (UDP: nc -u 127.0.0.1 {port}; Ctrl-C ends it)")
    return foreground.run("echo", Options(nets=(Net(DEVICE, forwards=forwards),), arguments="server"))


def with_tap() -> int:
    arguments = f"--ipv4={GUEST_ADDRESS}/24 --ipv4-gateway={HOST_ADDRESS} server"
    with Namespace(NAMESPACE), tap("tap0", f"{HOST_ADDRESS}/24"):
        inside = f"ip netns exec {NAMESPACE}"
        say(f"ping it:     {inside} ping {GUEST_ADDRESS}")
        say(f"talk to it:  {inside} nc {GUEST_ADDRESS} {PORT}      (Ctrl-C ends it)")
        return foreground.run("echo", Options(nets=(Net(DEVICE, tap="tap0"),), arguments=arguments))


def run(net: str = "user") -> int:
    """Build the echo image and run it until Ctrl-C. Returns its exit code."""
    ways = {"user": with_user_networking, "tap": with_tap}
    if net not in ways:
        raise LaunchError(f"NET={net}: expected user or tap")
    image.build("echo")
    return ways[net]()
