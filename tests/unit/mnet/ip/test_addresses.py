# Addresses as strings, the image's arguments, routes, sequence numbers.
import mnet
from mnet import cli, seq
from mnet.address import format_ipv4, format_mac, interface_address, netmask, parse_cidr, parse_ipv4
from mnet.address6 import interface_address6, parse_ipv6
from mnet.ip.v4.routes import Routes
from support import raises


def test_ipv4_addresses_round_trip():
    for value in (0, 1, 0x7F000001, 0x0A000002, 0xC0A80101, 0xFFFFFFFE, 0xFFFFFFFF):
        assert parse_ipv4(format_ipv4(value)) == value
    assert format_ipv4(0x0A0B0C0D) == "10.11.12.13"


def test_malformed_ipv4_addresses_are_refused():  # RFC 6943 3.1.1: no octal, hexadecimal or short forms
    wrong = "|1|1.2.3|1.2.3.4.5|1.2.3.256|01.2.3.4|1.2.3.04|1.2.3.|.1.2.3|1..2.3|0x1.2.3.4| 1.2.3.4|1.2.3.4 |"
    wrong += "+1.2.3.4|-1.2.3.4|1.2.3.4/24|a.b.c.d|1e1.2.3.4|1_0.2.3.4|1.2.3.0004|1,2,3,4|localhost|::1"
    for text in wrong.split("|"):
        raises(ValueError, parse_ipv4, text)
    raises(ValueError, parse_ipv4, "\u0661.2.3.4")  # digits elsewhere


def test_addresses_with_a_prefix():
    assert parse_cidr("10.0.0.2/24") == (0x0A000002, 24)
    assert parse_cidr("0.0.0.0/0") == (0, 0) and parse_cidr("1.2.3.4/32") == (0x01020304, 32)
    for text in (
        "10.0.0.2",
        "10.0.0.2/",
        "10.0.0.2/33",
        "10.0.0.2/-1",
        "10.0.0/24",
        "/24",
        "10.0.0.2/24/1",
        "10.0.0.2/ 8",
    ):
        raises(ValueError, parse_cidr, text)


def test_netmask_of_each_prefix():
    assert [netmask(n) for n in (0, 1, 24, 31, 32)] == [0, 0x80000000, 0xFFFFFF00, 0xFFFFFFFE, 0xFFFFFFFF]


def test_format_mac():
    assert format_mac(b"\x52\x54\x00\xab\xcd\xef") == "52:54:00:ab:cd:ef"


# Routes, RFC 1122 3.3.1


class Link:
    """The attributes of an Interface that the route table uses."""

    def __init__(self, number):
        self.number = number


ONE, TWO = Link(1), Link(2)
FAR = 0x08080808


def routed(*prefixes, gateway=0):
    routes = Routes()
    for text in prefixes:
        routes.add(*parse_cidr(text), ONE)
    if gateway:
        routes.add(0, 0, ONE, gateway)
    return routes


def hop(routes, dst):
    entry = routes.lookup(dst)
    return entry and (entry.gateway or dst)


def test_on_the_link_by_the_gateway_or_not_at_all():
    routes = routed("10.0.0.1/24")
    assert hop(routes, 0x0A0000FE) == 0x0A0000FE
    assert hop(routes, 0x0A000101) is None
    routes.add(0, 0, ONE, 0x0A000001)
    assert hop(routes, 0x0A000101) == 0x0A000001 and hop(routes, 0x0A000005) == 0x0A000005


def test_the_gateway_with_the_lowest_metric_is_used_while_it_answers():  # RFC 1122 3.3.1.5
    routes = routed("10.0.0.1/24")
    routes.add(0, 0, ONE, 0x0A000009, 10)
    routes.add(0, 0, TWO, 0x0B000009, 5)
    assert hop(routes, FAR) == 0x0B000009
    assert routes.lookup(FAR, ONE).gateway == 0x0A000009  # the only one of that interface
    before = routes.generation
    routes.gateway_failed(TWO, 0x0B000009)
    assert hop(routes, FAR) == 0x0A000009 and routes.generation != before
    routes.gateway_failed(ONE, 0x0A000009)  # none is reachable: they take turns
    assert hop(routes, FAR) == 0x0B000009
    routes.gateway_failed(ONE, 0x0A000077)  # no gateway
    assert hop(routes, FAR) == 0x0B000009
    routes.remove_interface(TWO)
    assert hop(routes, FAR) == 0x0A000009
    routes.add(0, 0, TWO, 0x0B000009, 20)
    routes.add(0, 0, TWO, 0x0B000009, 1)  # once more, with another metric
    assert hop(routes, FAR) == 0x0B000009 and len(routes.entries) == 3


def test_the_only_gateway_is_used_whether_it_answers_or_not():
    routes = routed("10.0.0.1/24", gateway=0x0A000009)
    routes.gateway_failed(ONE, 0x0A000009)
    assert hop(routes, FAR) == 0x0A000009
    routes.remove_gateways(ONE)
    assert hop(routes, FAR) is None and hop(routes, 0x0A000005)


def test_the_longest_prefix_decides_before_the_metric():
    routes = routed("10.0.0.1/8")
    routes.add(0x0A010001, 16, TWO, 0, 50)
    assert routes.lookup(0x0A010005).interface is TWO and routes.lookup(0x0A020005).interface is ONE
    assert routes.broadcast(0x0A01FFFF) is TWO and routes.broadcast(0x0A01FFFF, ONE) is None
    routes.remove(0x0A010001, 16, TWO)
    assert routes.lookup(0x0A010005).interface is ONE


def test_no_route_to_addresses_that_must_not_leave_the_host():  # RFC 1122 3.2.1.3, RFC 6890
    routes = routed("10.0.0.1/24", "0.0.0.0/0", gateway=0x0A000009)
    for text in ("127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "240.0.0.1", "255.255.255.254"):
        assert routes.lookup(parse_ipv4(text)) is None
    assert hop(routes, parse_ipv4("126.0.0.1")) and hop(routes, parse_ipv4("128.0.0.1"))


def test_several_prefixes_and_odd_lengths():
    routes = routed("10.0.0.1/31", "192.168.7.9/20", "1.2.3.4/32")
    assert hop(routes, 0x0A000000) and not hop(routes, 0x0A000002)
    assert hop(routes, 0xC0A80F01) == 0xC0A80F01 and not hop(routes, 0xC0A81001)
    assert hop(routes, 0x01020304) and not hop(routes, 0x01020305)
    assert hop(routed("0.0.0.0/0"), 0x08080808) == 0x08080808


def test_broadcast_addresses():
    routes = routed("10.0.0.1/24")
    assert routes.broadcast(0x0A0000FF) is ONE
    assert not routes.broadcast(0x0A0000FE) and not routes.broadcast(0x0A0001FF)
    for short in ("10.0.0.1/31", "10.0.0.1/32"):  # RFC 3021
        assert not routed(short).broadcast(0x0A000001)


# Sequence numbers round the wrap


def test_serial_arithmetic():
    top = 0xFFFFFFFF
    assert seq.add(top, 1) == 0 and seq.add(top, 5) == 4 and seq.add(3, -5) == top - 1
    assert seq.sub(3, top) == 4 and seq.sub(top, 3) == top - 3
    assert seq.diff(3, top) == 4 and seq.diff(top, 3) == -4 and seq.diff(0x80000000, 0) == -0x80000000
    for base in (0, 5, 0x7FFFFFFF, 0x80000000, top, top - 1):
        for n in (1, 2, 1000, 0x7FFFFFFF):
            later = seq.add(base, n)
            assert seq.lt(base, later) and not seq.lt(later, base)
            assert seq.le(base, later) and not seq.le(later, base)
        assert seq.le(base, base) and not seq.lt(base, base)


def test_between_wraps():
    top = 0xFFFFFFFF
    assert seq.between(0, top, 1) and seq.between(top, top, 1) and seq.between(1, top, 1)
    assert not seq.between(2, top, 1) and not seq.between(top - 1, top, 1)
    assert seq.between(7, 7, 7) and not seq.between(8, 7, 7)


# The image's arguments


def test_arguments_of_the_network_and_of_the_application():
    options = cli.parse(["--ipv4=10.0.0.2/24", "server", "--ipv4-gateway", "10.0.0.1", "-p", "9000", "-v"])
    assert (options.address, options.prefix, options.gateway) == (0x0A000002, 24, 0x0A000001)
    assert options.rest == ["server", "-p", "9000"] and options.verbose and not options.quiet
    options = cli.parse(["--solo5:quiet", "--insecure-entropy", "--ipv6=off", "--other=thing", "x=y", "="])
    assert options.quiet and options.rest == ["--other=thing", "x=y", "="] and options.address == 0
    assert cli.parse([]).rest == []
    for mode in ("eui64", "stable", "temporary", "off"):
        assert cli.parse(["--ipv6", mode]).rest == [] and cli.parse(["--ipv6", mode]).ipv6 == mode
    assert cli.parse([]).ipv6 == "eui64"
    options = cli.parse(["--ipv6=fd00::2/64", "--ipv6-gateway", "fe80::1"])
    assert (options.ipv6, options.ipv6_gateway) == ("fd00::2/64", "fe80::1")


def test_arguments_of_one_device_of_several():
    options = cli.parse(
        [
            "--ipv4=10.0.0.2/24",
            "--ipv4:right=10.1.0.2/16",
            "--ipv4-gateway:right",
            "10.1.0.1",
            "server",
            "--ipv6:right=fd00::2/64",
            "--ipv6-gateway:right=fe80::1",
            "--acd:right",
            "--ipv6:middle=off",
        ]
    )
    assert (options.address, options.gateway, options.ipv6, options.acd) == (0x0A000002, 0, "eui64", False)
    right = options.named["right"]
    assert (right.address, right.prefix, right.gateway) == (0x0A010002, 16, 0x0A010001)
    assert (right.ipv6, right.ipv6_gateway, right.acd) == ("fd00::2/64", "fe80::1", True)
    assert options.of("right") is right and options.of("") is options and options.rest == ["server"]
    middle = options.named["middle"]
    assert sorted(options.named) == ["middle", "right"] and (middle.address, middle.ipv6) == (0, "off")


def test_invalid_arguments_of_one_device_name_it():
    for wrong, line in (
        (["--ipv4:right"], "--ipv4:right: a value is missing"),
        (["--ipv4:right=10.0.0.255/24"], "--ipv4:right: no host can have the address 10.0.0.255/24"),
        (
            ["--ipv4=10.0.0.2/24", "--ipv4-gateway:right=10.0.0.1"],
            "--ipv4-gateway:right: needs --ipv4 as well",
        ),
        (["--ipv6:right=no"], "--ipv6:right: "),
        (["--ipv6-gateway:right=10.0.0.1"], "--ipv6-gateway:right: "),
    ):
        assert raises(cli.UsageError, cli.parse, wrong).args[0].startswith(line), wrong


def test_invalid_arguments_are_usage_errors():
    for wrong, name in (
        (["--ipv4"], "--ipv4:"),
        (["--ipv4="], "--ipv4:"),
        (["--ipv4=10.0.0.2"], "--ipv4:"),
        (["--ipv4=10.0.0.2/99"], "--ipv4:"),
        (["--ipv4-gateway=10.0.0.1"], "--ipv4-gateway: needs --ipv4"),
        (["--ipv4=10.0.0.2/24", "--ipv4-gateway=me"], "--ipv4-gateway:"),
        (["--ipv6=fd00::2"], "--ipv6:"),
        (["--ipv6=fd00::2/129"], "--ipv6:"),
        (["--ipv6=10.0.0.2/24"], "--ipv6:"),
        (["--ipv6-gateway=fd00::1/64"], "--ipv6-gateway:"),
        (["--ipv6-gateway=10.0.0.1"], "--ipv6-gateway:"),
    ):
        line = raises(cli.UsageError, cli.parse, wrong).args[0]
        assert line.startswith(name) and "\n" not in line, (wrong, line)


NO_HOST = (  # RFC 1122 3.2.1.3, RFC 6890
    "10.0.0.255/24",
    "10.0.0.0/24",
    "10.255.255.255/8",
    "10.0.0.3/30",
    "224.0.0.5/24",
    "239.255.255.255/32",
    "127.0.0.1/8",
    "127.0.0.1/32",
    "240.0.0.1/24",
    "255.255.255.255/32",
    "0.0.0.0/24",
    "0.0.0.0/32",
    "0.0.0.7/24",
)
NO_HOST6 = (  # RFC 4291 2.5.2, 2.5.3, 2.5.5.2, 2.6.1, 2.7
    "ff02::5/64",
    "::1/128",
    "::1/64",
    "::/64",
    "::/128",
    "::ffff:10.0.0.2/96",
    "fd00::/64",
    "fe80::/64",
)


def test_cli_refuses_addresses_that_no_host_has():
    for text in NO_HOST:
        line = raises(cli.UsageError, cli.parse, ["--ipv4=" + text]).args[0]
        assert line == "--ipv4: no host can have the address " + text
    for text in NO_HOST6:
        line = raises(cli.UsageError, cli.parse, ["--ipv6=" + text]).args[0]
        assert line == "--ipv6: no host can have the address " + text


def test_cli_takes_every_address_that_a_host_has():
    for text in ("10.0.0.0/31", "10.0.0.1/31", "10.0.0.255/32", "1.0.0.1/0", "126.255.0.255/8"):
        assert interface_address(text) == parse_cidr(text)
        assert cli.parse(["--ipv4=" + text]).address == parse_cidr(text)[0]
    for text in ("fd00::/127", "fd00::1/127", "fd00::/128", "fe80::2/64", "::2/64", "2001:db8::ffff/64"):
        assert interface_address6(text)[0] == parse_ipv6(text.split("/")[0])
        assert cli.parse(["--ipv6=" + text]).ipv6 == text


def test_cli_refuses_gateways_that_no_router_is():
    for cidr, gateway, why in (
        ("10.0.0.2/24", "10.0.0.2", "10.0.0.2 is the host's own address"),
        ("10.0.0.2/24", "10.0.0.255", "no router can have the address 10.0.0.255"),
        ("10.0.0.2/24", "10.0.0.0", "no router can have the address 10.0.0.0"),
        ("10.0.0.2/24", "224.0.0.1", "no router can have the address 224.0.0.1"),
        ("10.0.0.2/24", "127.0.0.1", "no router can have the address 127.0.0.1"),
        ("10.0.0.2/24", "0.0.0.0", "no router can have the address 0.0.0.0"),
        ("10.0.0.2/24", "255.255.255.255", "no router can have the address 255.255.255.255"),
        ("10.0.0.2/24", "241.0.0.1", "no router can have the address 241.0.0.1"),
    ):
        for arguments in (
            ["--ipv4", cidr, "--ipv4-gateway", gateway],
            ["--ipv4-gateway=" + gateway, "--ipv4=" + cidr],
        ):
            assert raises(cli.UsageError, cli.parse, arguments).args[0] == "--ipv4-gateway: " + why
    for gateway in ("fd00::2", "ff02::2", "::", "::1", "::ffff:10.0.0.1"):
        for arguments in (["--ipv6=fd00::2/64"], [] if gateway != "fd00::2" else ["--ipv6", "fd00::2/64"]):
            arguments = ["--ipv6-gateway", gateway] + arguments
            line = raises(cli.UsageError, cli.parse, arguments).args[0]
            assert line.startswith("--ipv6-gateway: ") and gateway in line
    for cidr, gateway in (
        ("10.0.0.0/31", "10.0.0.1"),
        ("10.0.0.2/32", "10.0.0.255"),
        ("10.0.0.2/24", "10.0.1.255"),
    ):
        assert cli.parse(["--ipv4=" + cidr, "--ipv4-gateway=" + gateway]).gateway


def test_stack_refuses_the_same_addresses():
    for text in NO_HOST:
        raises(ValueError, mnet.stack, "service", text)
    for text in NO_HOST6:
        raises(ValueError, mnet.stack, "service", None, None, text)
    raises(ValueError, mnet.stack, "service", "10.0.0.2/24", "10.0.0.2")
    raises(ValueError, mnet.stack, "service", None, "10.0.0.1")
    raises(ValueError, mnet.stack, "service", "10.0.0.2/24", None, "fd00::2/64", "ff02::2")


def test_the_arguments_given_are_left_alone():
    given = ["--ipv4", "10.0.0.2/24", "x"]
    cli.parse(given)
    assert given == ["--ipv4", "10.0.0.2/24", "x"]
