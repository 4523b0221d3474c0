"""The options of `invoke run`: parsed, or refused in one line."""

from pathlib import Path

import pytest

from host import options
from host.errors import LaunchError
from host.options import Block, Forward, Net


@pytest.mark.parametrize(
    ("texts", "macs", "expected"),
    [
        (["service=tap0"], [], [Net("service", tap="tap0")]),
        (["service=user"], [], [Net("service")]),
        (["service=user:8080:80"], [], [Net("service", forwards=(Forward(8080, 80),))]),
        (["service=user:53:5353/udp"], [], [Net("service", forwards=(Forward(53, 5353, "udp"),))]),
        (
            ["service=user:1:2", "service=user:3:4/udp"],
            ["service=02:00:00:00:00:AB"],
            [Net("service", "", (Forward(1, 2), Forward(3, 4, "udp")), "02:00:00:00:00:ab")],
        ),
        (["a=tap0", "b=br-7.1"], [], [Net("a", tap="tap0"), Net("b", tap="br-7.1")]),
    ],
)
def test_nets(texts: list[str], macs: list[str], expected: list[Net]) -> None:
    assert list(options.parse_nets(texts, macs)) == expected


@pytest.mark.parametrize(
    ("texts", "macs", "complaint"),
    [
        (["service"], [], "--net service: expected DEVICE="),
        (["=tap0"], [], "--net =tap0: expected DEVICE="),
        (["service=user:80"], [], "expected user:HOSTPORT:GUESTPORT"),
        (["service=user:0:80"], [], "expected user:HOSTPORT:GUESTPORT"),
        (["service=user:80:65536"], [], "expected user:HOSTPORT:GUESTPORT"),
        (["service=user:80:80/sctp"], [], "expected user:HOSTPORT:GUESTPORT"),
        (["service=a/b"], [], "'a/b' cannot be the name of a tap"),
        (["service=a-name-far-too-long"], [], "cannot be the name of a tap"),
        (["service=tap0", "service=tap1"], [], "service is attached twice"),
        (["service=tap0", "service=user"], [], "service is attached twice"),
        (["service=tap0"], ["service=02:00:00"], "--mac service=02:00:00: expected a unicast address"),
        (["service=tap0"], ["service=01:00:00:00:00:01"], "expected a unicast address"),
        (["service=tap0"], ["other=02:00:00:00:00:01"], "there is no --net other="),
    ],
)
def test_bad_nets(texts: list[str], macs: list[str], complaint: str) -> None:
    with pytest.raises(LaunchError, match=complaint) as caught:
        options.parse_nets(texts, macs)
    assert "\n" not in str(caught.value)


def test_blocks(tmp_path: Path) -> None:
    file = tmp_path / "disk"
    file.write_bytes(bytes(1024))
    assert options.parse_block(f"data={file}") == Block("data", file)
    file.write_bytes(bytes(1000))
    with pytest.raises(LaunchError, match="1000 bytes are not a multiple of the sector, 512"):
        options.parse_block(f"data={file}")
    with pytest.raises(LaunchError, match="--block data=/nowhere: no such file"):
        options.parse_block("data=/nowhere")


@pytest.mark.parametrize(("text", "value"), [("", 0), ("64", 64)])
def test_memory(text: str, value: int) -> None:
    assert options.parse_memory(text) == value


@pytest.mark.parametrize("text", ["0", "-1", "64M", "many"])
def test_bad_memory(text: str) -> None:
    with pytest.raises(LaunchError, match=f"--mem {text}: expected a number of MiB"):
        options.parse_memory(text)


@pytest.mark.parametrize(
    ("arguments", "address"),
    [
        ("", ""),
        ("server -p 9000", ""),
        ("--ipv4=10.1.2.3/24 server", "10.1.2.3"),
        ("--ipv4-gateway=10.1.2.1 --ipv6=eui64", ""),
    ],
)
def test_address_among_the_image_arguments(arguments: str, address: str) -> None:
    assert options.ipv4_address(arguments) == address
