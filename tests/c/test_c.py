"""The C of port/ on the host, under AddressSanitizer and UndefinedBehaviorSanitizer."""

import subprocess
from dataclasses import dataclass, field

import pytest

from host import board as boards
from host.build import image, micropython
from host.build.steps import lock
from host.paths import BUILD, PORT, ROOT

TESTS = ROOT / "tests" / "c"
OUTPUT = BUILD / "test" / "c"
FLAGS = [
    *("-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-fno-strict-aliasing"),
    *("-fsanitize=address,undefined", "-fno-sanitize-recover=all"),
    *(f"-I{TESTS}", f"-I{PORT}"),
]
# Test our own library functions by their names, not the compiler's builtins.
NO_BUILTIN = ["-fno-builtin", "-fno-tree-loop-distribute-patterns"]


@dataclass(frozen=True)
class Program:
    """tests/c/test_NAME.c with files of port/ (which it does not include itself) and of tests/c."""

    name: str
    port: list[str] = field(default_factory=list)
    fakes: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    variant: str = ""  # where it is compiled in several ways
    interpreter: bool = False  # needs MicroPython's headers, the generated ones too


UNIKRAFT_NET = [
    *(f"platform/unikraft/{name}.c" for name in ("net", "pool", "frame", "arguments")),
    "manifest.c",
]
UNIKRAFT_FAKES = ["fake_netdev.c", "fake_alloc.c"]
UNIKRAFT_FLAGS = [f"-I{TESTS / 'unikraft'}", "-DCONFIG_APPPYMNET_NETS=2", "-DCONFIG_APPPYMNET_HEAP_MB=0"]

PROGRAMS = [
    Program("virtqueue", ["virtio/virtio.c", "virtio/virtqueue.c"], ["fake_device.c"]),
    Program(
        "net",
        ["virtio/virtio.c", "virtio/virtqueue.c", "virtio/net.c", "virtio/net_transmit.c"],
        ["fake_device.c"],
        interpreter=True,
    ),
    Program(
        "console",
        ["virtio/virtio.c", "virtio/virtqueue.c", "virtio/console.c", "virtio/console_ports.c"],
        ["fake_device.c"],
    ),
    Program("mmio", ["virtio/mmio.c", "virtio/virtio.c", "virtio/virtqueue.c"]),
    Program("output", ["text.c"]),
    Program("block", ["virtio/virtio.c", "virtio/virtqueue.c", "virtio/block.c"], ["fake_device.c"]),
    Program("entropy", ["virtio/virtio.c", "virtio/virtqueue.c", "virtio/entropy.c"], ["fake_device.c"]),
    Program("start", ["platform/qemu/pvh.c", "cmdline.c", "manifest.c"]),
    Program("libc", flags=NO_BUILTIN),
    Program("math", flags=[*NO_BUILTIN, "-D_GNU_SOURCE", "-lm"]),
    Program("random", ["crypto/chacha20.c", "crypto/random.c"]),
    Program("clock"),
    Program("decimal", flags=[f"-I{PORT / 'overlay'}", "-lm"]),
    Program("ring"),
    Program("hvt_net", ["platform/hvt/ring.c"], interpreter=True),
    Program("spt_net", interpreter=True),
    Program("unikraft_words", ["platform/unikraft/frame.c", "platform/unikraft/arguments.c"]),
    Program("unikraft_memory", ["platform/unikraft/memory.c"], ["fake_alloc.c"], UNIKRAFT_FLAGS),
    Program("unikraft_net", UNIKRAFT_NET, UNIKRAFT_FAKES, UNIKRAFT_FLAGS),
    *(
        Program(
            "unikraft_machine",
            [*UNIKRAFT_NET, "platform/unikraft/memory.c", "text.c", "arch/x86_64/random.c"],
            UNIKRAFT_FAKES,
            [*UNIKRAFT_FLAGS, f"-I{TESTS / 'unikraft' / release}"],
            release,
        )
        for release in ("0.17", "0.21")
    ),
    Program("wire", ["wire/header.c", "wire/sum.c"], interpreter=True),
]


@pytest.fixture(scope="session")
def interpreter_flags() -> list[str]:
    """MicroPython's headers as the port's own C sees them: as system headers, without warnings."""
    micropython.mpy_cross()
    with lock():
        image.build_library(boards.load(boards.DEFAULT))
    return ["-isystem", str(micropython.SOURCE), "-isystem", str(image.LIBRARY), "-DNDEBUG"]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name + program.variant)
def test_program(program: Program, request: pytest.FixtureRequest) -> None:
    OUTPUT.mkdir(parents=True, exist_ok=True)
    extra = request.getfixturevalue("interpreter_flags") if program.interpreter else []
    sources = [TESTS / f"test_{program.name}.c", *(TESTS / name for name in program.fakes)]
    sources += [PORT / name for name in program.port]
    binary = OUTPUT / (program.name + program.variant)
    built = subprocess.run(
        ["gcc", *FLAGS, *program.flags, *extra, "-o", binary, *sources],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    done = subprocess.run([binary], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
