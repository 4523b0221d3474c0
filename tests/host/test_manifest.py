"""The device manifest, byte by byte (Solo5 ABI 2, note MFT1), and unikernel.toml that it is made from."""

import struct
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host import elf, manifest, unikernel
from host.errors import HostError
from host.manifest import Device, Kind

SERVICE, DATA = Device(Kind.NET, "service"), Device(Kind.BLOCK, "data")


def test_bytes() -> None:
    """Offsets as in the ABI: descriptor = 4 bytes of padding, then struct mft."""
    descriptor = manifest.encode([SERVICE, DATA])
    assert len(descriptor) == 4 + 8 + 3 * 104
    mft = descriptor[4:]
    assert struct.unpack_from("<II", mft) == (1, 3)
    reserved, net, block = (mft[8 + 104 * i : 8 + 104 * (i + 1)] for i in range(3))
    assert reserved == bytes(68) + struct.pack("<I", 0x40000000) + bytes(32)
    assert net == b"service".ljust(68, b"\0") + struct.pack("<I", 2) + bytes(32)
    assert block == b"data".ljust(68, b"\0") + struct.pack("<I", 1) + bytes(32)


device_lists = st.lists(
    st.builds(Device, st.sampled_from(Kind), st.from_regex(r"[A-Za-z0-9]{1,67}", fullmatch=True)), max_size=63
)


@given(device_lists)
def test_what_was_written_is_read_back(devices: list[Device]) -> None:
    assert manifest.decode(manifest.encode(devices)) == tuple(devices)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(descriptor: bytes) -> None:
    try:
        manifest.decode(descriptor)
    except HostError:
        pass


@pytest.mark.parametrize(
    ("offset", "value", "complaint"),
    [
        (4, 2, "version 2"),
        (8, 0, "0 entries"),
        (8, 65, "65 entries"),
        (8, 2, "bytes for 2 entries"),
        (12, 65, "first entry"),
        (4 + 8 + 104 + 68, 9, "type 9"),
        (4 + 8 + 104 + 96, 1, "attached 1"),
        (4 + 8 + 104, 0, "device name ''"),
    ],
)
def test_corrupted_manifest_is_refused(offset: int, value: int, complaint: str) -> None:
    spoilt = bytearray(manifest.encode([Device(Kind.NET, "s"), DATA]))
    spoilt[offset] = value
    with pytest.raises(HostError, match=complaint):
        manifest.decode(bytes(spoilt))


def test_too_many_devices() -> None:
    with pytest.raises(HostError, match="64 devices: a manifest has room for 63"):
        manifest.encode([Device(Kind.NET, f"n{i}") for i in range(64)])


def test_the_assembler_makes_the_note(tiny) -> None:  # type: ignore[no-untyped-def]
    image = elf.load(tiny(SERVICE, DATA))
    assert image.devices() == (SERVICE, DATA)
    note = next(note for note in image.notes if note[0] == "Solo5")
    assert note == ("Solo5", 0x3154464D, manifest.encode([SERVICE, DATA]))
    assert image.symbols["solo5_manifest"] == len(manifest.encode([SERVICE, DATA])) - 4


def parsed(text: str) -> unikernel.Unikernel:
    return unikernel.parse("app", Path("app"), textwrap.dedent(text))


def test_unikernel_toml() -> None:
    app = parsed("""
        [image]
        memory = 24
        packages = ["asyncio"]
        [env]
        PORT = "7000"
        [[block]]
        name = "data"
        [[net]]
        name = "service"
    """)
    env = (("PORT", "7000"),)
    assert app == unikernel.Unikernel("app", Path("app"), (SERVICE, DATA), 24, ("asyncio",), env=env)


def test_an_empty_unikernel_toml_is_right() -> None:
    assert parsed("") == unikernel.Unikernel("app", Path("app"), (), 64, ())


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[image", r"app/unikernel\.toml: Expected '\]'"),
        ("[imgae]", r"app/unikernel\.toml:1: unknown key 'imgae'; known are image, env, net, block"),
        ("[image]\nmemory = '1'", r"toml:2: \[image\]: memory must be of type int"),
        ("[image]\nmemory = true", r"\[image\]: memory must be of type int"),
        ("[[net]]\nmac = '1'", r"toml:2: \[net\]: unknown key 'mac'"),
        ("[image]\n\n[[net]]\nname = 'a'\n  'mac' = 1", r"toml:5: \[net\]: unknown key 'mac'"),
        ("[image]\npackages = [1]", r"toml:2: \[image\]: packages must be a list of texts"),
        ("[image]\nsources = 1", r"toml:2: \[image\]: sources must be of type bool"),
        ("[image]\npreemption = 5", r"toml:2: \[image\]: preemption must be of type bool"),
        ("[env]\nPORT = 7000", r"toml:2: \[env\]: PORT must be of type str"),
        ("[env]\n'A=B' = ''", r"\[env\]: A=B: a name has no '='"),
        ("[[net]]\nname = 'a b'", "device name 'a b': 1 to 67 letters and digits"),
        ("[[net]]", "device name ''"),
        ("[[net]]\nname = 'a'\n[[block]]\nname = 'a'", "two devices have the same name"),
    ],
)
def test_a_wrong_unikernel_toml_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(HostError, match=complaint):
        parsed(text)


def test_an_unknown_unikernel(tiny) -> None:  # type: ignore[no-untyped-def]
    tiny()
    with pytest.raises(HostError, match="no unikernel 'nobody': there are tiny"):
        unikernel.load("nobody")


def test_a_unikernel_by_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "apps" / "mine").mkdir(parents=True)
    (tmp_path / "apps" / "mine" / "unikernel.toml").write_text("[image]\nmemory = 32\n")
    monkeypatch.chdir(tmp_path)
    assert unikernel.load("apps/mine").memory == 32
    assert unikernel.load("./apps/mine").name == unikernel.load(f"{tmp_path}/apps/mine").name == "mine"
