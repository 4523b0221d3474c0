"""`invoke run`: exit codes, options, and one line for each obstacle."""

import os
import re
import socket
import subprocess
import time
from pathlib import Path

import pytest
import ways
from e2e import command, lab, peers

from host.net import tap
from host.paths import ROOT

pytestmark = pytest.mark.usefixtures("namespace")
PROXY = "10.0.2.2"  # the host, seen from behind user networking
USAGE = "usage: echo server [-p PORT] [--limit N] [--inetd] | client IP[:PORT] [LENGTH]\n"


def run_user(arguments: str, *words: str) -> "tuple[int, str, str]":
    done = command.run("run", "echo", "--net", "service=user", "--args", arguments, *words)
    return done.returncode, done.stdout.replace("\r\n", "\n"), done.stderr


def refused(*words: str, **more: object) -> str:
    """Return the one line that is printed when an image cannot be run."""
    done = command.run("run", *words, **more)  # type: ignore[arg-type]
    assert (done.returncode, done.stdout) == (125, ""), done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("run: ")
    return line.removeprefix("run: ")


def test_the_guests_code_is_passed_on() -> None:
    assert command.run("run", "hello").returncode == 0


@ways.needs_user_network
def test_an_error_is_one_line_and_code_1() -> None:
    assert run_user(f"client {PROXY}:1") == (1, "echo: [Errno 111] Connection refused\n", "")


@ways.needs_user_network
@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ("server --what", "unknown argument '--what'"),
        ("", "say server or client"),
        ("server -p 70000", "'70000' is not a number from 1 to 65535"),
        ("server --limit many", "'many' is not a number from 1 to 1000000"),
        ("client", "client needs an address"),
        ("client 10.0.2.2:http", "'http' is not a number from 1 to 65535"),
    ],
)
def test_bad_arguments_show_the_usage(arguments: str, complaint: str) -> None:
    assert run_user(arguments) == (2, f"echo: {complaint}\n{USAGE}", "")


@ways.needs_user_network
@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ("--ipv4=10.0.0.300/24 server", "--ipv4: not an IPv4 address: '10.0.0.300'"),
        ("--ipv4=10.0.0.2 server", "--ipv4: not an IPv4 address with a prefix length, such as 10.0.0.2/24"),
        ("--ipv4=10.0.0.2/24 --ipv4-gateway=home server", "--ipv4-gateway: not an IPv4 address: 'home'"),
        ("--ipv4=10.0.0.255/24 server", "--ipv4: no host can have the address 10.0.0.255/24"),
        ("--ipv4=0.0.0.0/24 server", "--ipv4: no host can have the address 0.0.0.0/24"),
        ("--ipv6=ff02::5/64 server", "--ipv6: no host can have the address ff02::5/64"),
    ],
)
def test_a_bad_address_is_named(arguments: str, complaint: str) -> None:
    code, out, err = run_user(arguments)
    first, second = out.splitlines()
    assert (code, err) == (2, "")
    assert first.startswith(complaint) and second.startswith("network options: ")


@ways.needs_user_network
def test_a_traceback_is_shown_and_is_code_1() -> None:
    code, out, _ = run_user("client nowhere")
    assert code == 1 and out == "echo: [Errno -2] Name or service not known\n"


def test_an_open_quote() -> None:
    line = refused("echo", "--net", "service=user", "--args", "server 'x")
    assert line == "--args server 'x: no closing quotation"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["nobody"], "no unikernel 'nobody': there are "),
        (["echo"], f"build/{lab.BOARD}/echo.elf wants the device service: --net service=tap0"),
        (["hello", "--net", "service=user"], "--net service=...: "),
        (
            ["echo", "--net", "service=user:1:2:3"],
            "--net service=user:1:2:3: expected user:HOSTPORT:GUESTPORT",
        ),
        (["echo", "--net", "service=user", "--accel", "warp"], "--accel warp: board "),
        (["echo", "--net", "service=user", "--board", "toaster"], "no board 'toaster': there are "),
        (["echo", "--net", "service=user", "--mem", "lots"], "--mem lots: expected a number of MiB"),
        (["echo", "--net", "service=user", "--mem", "1"], "--mem 1: "),
        (["echo", "--net", "service=user", "--pcap", "/nowhere/x"], "--pcap: /nowhere/x: No such file"),
        (["echo", "--net", "service=user", "--mac", "service=1:2"], "--mac service=1:2: expected"),
        (["echo", "--block", "data=/nowhere"], "--block data=/nowhere: no such file"),
    ],
)
def test_what_cannot_be_run_is_one_line(words: list[str], complaint: str) -> None:
    assert refused(*words).startswith(complaint)


def test_an_image_that_cannot_be_built(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("print(1)\n")
    (tmp_path / "unikernel.toml").write_text("[image]\nmemry = 16\n")
    assert "unikernel.toml:2: " in refused(str(tmp_path))


def test_taps_that_cannot_be_used() -> None:
    words = command.run_echo()[1:]
    assert refused(*words).startswith("no tap tap0 here; make it: ip tuntap add dev tap0 mode tap")
    with tap.tap("tap0"):
        tap.ip("link", "set", "tap0", "down")
        assert refused(*words) == "the tap tap0 is down: ip link set tap0 up"
    with tap.bridge("tap0"):
        assert refused(*words) == "tap0 is not a tap"


def test_a_tap_that_another_guest_has(tap0: str) -> None:
    with lab.server("server"):
        assert refused(*command.run_echo()[1:]).startswith("tap tap0: Device or resource busy")
        peers.converse(lab.GUEST, lab.PORT, 1000)


@pytest.mark.parametrize(("protocol", "kind"), [("tcp", socket.SOCK_STREAM), ("udp", socket.SOCK_DGRAM)])
def test_a_port_that_is_taken(protocol: str, kind: int) -> None:
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        line = refused("echo", "--net", f"service=user:{port}:9000/{protocol}")
    assert line == f"{protocol} port {port} is in use on this machine: choose another"


@ways.needs_qemu_board
def test_no_kvm_on_the_machine(tmp_path: Path) -> None:
    """A /dev without it, in a mount namespace."""
    names = ("null", "zero", "full", "random", "urandom")
    for name in names:
        (tmp_path / name).touch()
    binds = [f"mount --bind /dev/{name} {tmp_path}/{name}" for name in names]
    script = " && ".join([*binds, f"mount --rbind {tmp_path} /dev", 'exec "$@"'])
    hidden = ["unshare", "--mount", "sh", "-c", script, "sh"]
    words = ["hello", "--accel", "kvm"]
    line = refused(*words, prefix=hidden)
    assert line == "--accel kvm: no /dev/kvm on this machine; without it, --accel tcg works"
    assert command.run("run", "hello", prefix=hidden).returncode == 0


def test_a_runner_that_is_killed(tap0: str) -> None:
    with command.running(*command.run_echo()) as running:
        running.wait_for(re.compile(rf"{lab.READY} \d+\r?\n"))  # the whole line: what follows begins one
        (runner,) = (pid for pid, name in running.left().items() if ways.is_runner(name))
        os.kill(runner, 9)
        assert running.wait() == 125
        last = running.console.text.splitlines()[-1]
        assert last.startswith("run: the runner (") and "SIGKILL" in last


def test_mac_args_mem_and_accel(tap0: str) -> None:
    usable = [name for name, obstacle in ways.WAYS.items() if not obstacle]
    words = command.run_echo("--mac", "service=02:00:00:00:12:34", "--mem", "16", "--accel", usable[-1])
    with command.running(*words) as running:
        running.wait_for(lab.READY)
        peers.converse(lab.GUEST, lab.PORT, 1 << 20)
        assert "02:00:00:00:12:34" in tap.ip("neighbor", "show", "dev", "tap0")


@ways.needs_qemu_board
def test_kvm_may_be_asked_for() -> None:
    ways.usable("kvm")
    assert command.run("run", "hello", "--accel", "kvm").returncode == 0


@pytest.mark.parametrize("words", [["build", "hello"], ["inspect", "hello"], ["run", "hello"]])
def test_a_reader_that_has_seen_enough(words: list[str]) -> None:
    """`invoke ... | true`: no traceback."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [command.INVOKE, *words], cwd=ROOT, stdout=writer, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writer)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr


@ways.needs_qemu_board
def test_gdb_finds_the_guest_before_its_first_instruction() -> None:
    with command.running("run", "hello", "--gdb", "--accel", "tcg") as running:
        running.wait_for("target remote :1234")

        def connected() -> socket.socket | None:
            try:
                return peers.connect("127.0.0.1", 1234)
            except ConnectionRefusedError:
                return None

        deadline = time.monotonic() + peers.TIMEOUT
        while (gdb := connected()) is None:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        with gdb:
            gdb.sendall(b"+$?#3f")
            answer = gdb.recv(100)
            while b"#" not in answer:
                answer += gdb.recv(100)
            assert b"$T05" in answer  # stopped
            assert "Hello" not in running.console.text
            gdb.sendall(b"+$D#44")  # detach: it runs on
            assert running.wait() == 0
        assert "Hello" in running.console.text
