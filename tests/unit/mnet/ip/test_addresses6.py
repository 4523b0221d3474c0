# IPv6 addresses: format (RFC 4291 2.2, RFC 5952), kinds, and source address selection (RFC 6724).
import random

from mnet.address6 import (
    common_bits,
    eui64,
    format_address,
    format_ipv6,
    is_link_local,
    is_multicast,
    mapped,
    multicast_mac,
    network,
    parse_cidr6,
    parse_ipv6,
    same_prefix,
    scope,
    solicited_node,
    unmapped,
)
from mnet.ip.v6.addresses import DEPRECATED, PREFERRED, Address, Addresses, label
from support import raises


def test_addresses_as_text():
    for text, packed in (
        ("::", bytes(16)),
        ("::1", bytes(15) + b"\1"),
        ("fd00::2", b"\xfd" + bytes(14) + b"\2"),
        ("2001:db8::1:0:0:1", b"\x20\x01\x0d\xb8" + bytes(4) + b"\0\1" + bytes(5) + b"\1"),
        ("2001:db8:0:1:1:1:1:1", b"\x20\x01\x0d\xb8\0\0" + b"\0\1" * 5),
        ("1:2:3:4:5:6:7:8", b"\0\1\0\2\0\3\0\4\0\5\0\6\0\7\0\x08"),
        ("1::", b"\0\1" + bytes(14)),
        ("::ffff:10.0.0.1", bytes(10) + b"\xff\xff\x0a\0\0\1"),
        ("ff02::1:ff00:1", b"\xff\2" + bytes(9) + b"\1\xff\0\0\1"),
    ):
        assert parse_ipv6(text) == packed and format_ipv6(packed) == text
    for text, same in (
        ("0:0:0:0:0:0:0:1", "::1"),
        ("2001:DB8::00A1", "2001:db8::a1"),
        ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
        ("1:0:0:2:0:0:3:4", "1::2:0:0:3:4"),
        ("::1.2.3.4", "::102:304"),
        ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
    ):
        assert format_ipv6(parse_ipv6(text)) == same


def test_malformed_ipv6_addresses_are_refused():
    wrong = "|:|:::|1|1:2:3:4:5:6:7|1:2:3:4:5:6:7:8:9|1::2::3|12345::|g::|::1%eth0|::1/64| ::1|::1 "
    wrong += (
        "|1:2:3:4:5:6:7:|:1:2:3:4:5:6:7|1:2:3:4:5:6:7:8::|::1:2:3:4:5:6:7:8|::1.2.3|::1.2.3.256|1.2.3.4::"
    )
    wrong += "|1.2.3.4|::+1|::-1|::1.2.3.4:5|1:2:3:4:5:6:7:1.2.3.4|[::1]|localhost|1:::2|::_1"
    for text in wrong.split("|"):
        raises(ValueError, parse_ipv6, text)
    assert parse_cidr6("fd00::2/64") == (parse_ipv6("fd00::2"), 64)
    for text in ("fd00::2", "fd00::2/", "fd00::2/129", "fd00::2/-1", "/64", "10.0.0.1/24", "fd00::2/0064"):
        raises(ValueError, parse_cidr6, text)


def test_text_of_anything_comes_back():
    random.seed(5)
    for _ in range(300):
        packed = bytes([random.choice((0, 0, 0, 1, 255, 18)) for _ in range(16)])
        assert parse_ipv6(format_ipv6(packed)) == packed
    assert format_address(0x0A000001) == "10.0.0.1" and format_address(bytes(16)) == "::"


def test_address_kinds():
    ll, group = parse_ipv6("fe80::1"), parse_ipv6("ff02::1:2")
    assert (
        is_link_local(ll) and is_link_local(parse_ipv6("febf::")) and not is_link_local(parse_ipv6("fec0::"))
    )
    assert is_multicast(group) and not is_multicast(ll)
    assert unmapped(mapped(0x0A000001)) == 0x0A000001
    assert solicited_node(parse_ipv6("fe80::12:3456:789a")) == parse_ipv6("ff02::1:ff56:789a")
    assert multicast_mac(group) == b"\x33\x33\0\1\0\2"
    assert eui64(b"\x52\x54\0\x12\x34\x56") == b"\x50\x54\0\xff\xfe\x12\x34\x56"
    assert [scope(parse_ipv6(text)) for text in ("::1", "fe80::1", "fec0::1", "fd00::", "2001::")] == [
        2,
        2,
        5,
        14,
        14,
    ]
    assert [scope(parse_ipv6(text)) for text in ("ff01::1", "ff02::1", "ff05::1", "ff0e::1")] == [1, 2, 5, 14]


def test_prefixes():
    a, b = parse_ipv6("2001:db8::1"), parse_ipv6("2001:db9::1")
    assert common_bits(a, b) == 31 and common_bits(a, a) == 128
    for n in range(129):
        assert same_prefix(a, b, n) == (n <= 31)
        assert (
            same_prefix(network(a, n), a, n)
            and int.from_bytes(network(a, n), "big") & ((1 << 128 - n) - 1) == 0
        )


# Source address selection


def chosen(dst, *texts, deprecated=(), temporary=(), optimistic=()):
    """Return the source address for `dst`."""
    addresses = Addresses()
    for text in texts:
        address = Address(None, parse_ipv6(text), 64)
        address.temporary = text in temporary
        if text not in optimistic:
            address.state = DEPRECATED if text in deprecated else PREFERRED
        addresses.list.append(address)
    source = addresses.source(parse_ipv6(dst))
    return source and format_ipv6(source)


def test_source_addresses():  # RFC 6724 5 and 10.1
    assert chosen("2001:db8::1") is None
    assert chosen("2001:db8:1::1", "2001:db8:3::1", "fe80::1") == "2001:db8:3::1"
    assert chosen("ff05::1", "2001:db8:3::1", "fe80::1") == "2001:db8:3::1"
    assert chosen("ff02::1", "2001:db8:3::1", "fe80::1") == "fe80::1"
    assert chosen("fe80::2", "2001:db8:3::1", "fe80::1") == "fe80::1"
    same = ("2001:db8:1::1", "2001:db8:2::1")
    assert chosen("2001:db8:1::1", *same, deprecated=same[:1]) == "2001:db8:1::1"  # rule 1
    assert chosen("2001:db8:1::2", *same, deprecated=same[:1]) == "2001:db8:2::1"  # rule 3
    assert chosen("2001:db8:1::2", *same, optimistic=same[:1]) == "2001:db8:2::1"  # RFC 4429
    assert chosen("2001:db8:1::2", "fe80::1", "2001:db8:2::1", deprecated=same[1:]) == "2001:db8:2::1"
    assert chosen("2002:c633:6401::1", "2002:c633:6401::2", "2001:db8:1::2") == "2002:c633:6401::2"  # rule 6
    assert chosen("2001:db8:1::d5e3", "2001:db8:1::2", "2001:db8:3::2") == "2001:db8:1::2"  # rule 8
    pair = ("2001:db8:1::2", "2001:db8:1:0:d5e3::1")
    assert chosen("2001:db8:1::9", *pair, temporary=pair[1:]) == pair[1]  # rule 7
    assert chosen("2001:db8:1::9", *pair, temporary=pair[1:], deprecated=pair[1:]) == pair[0]


def test_labels():
    for text, number in (
        ("::1", 0),
        ("2001:db8::1", 1),
        ("2002::1", 2),
        ("::ffff:1.2.3.4", 4),
        ("2001::1", 5),
    ):
        assert label(parse_ipv6(text)) == number
    for text, number in (("fd00::1", 13), ("fc00::1", 13), ("::5", 3), ("fec0::1", 11), ("3ffe::1", 12)):
        assert label(parse_ipv6(text)) == number
