"""The command `pymnet`: its words, a new application, ports, watching sources, and the installed package."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from host import new, pymnet, unikernel
from host.build import current
from host.errors import HostError, LaunchError
from host.manifest import Device, Kind
from host.options import Forward, Net, Options, parse_ports
from host.paths import ROOT
from host.run import doctor, foreground, launch

FLAGS = {"-p": True, "--port": True, "--gdb": False}
SERVICE = Device(Kind.NET, "service")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["build"], ["build", "./"]),
        (["run", "app.py", "-p", "8080:80"], ["run", "./app.py", "-p", "8080:80"]),
        (["run", "-p", "8080:80", "app.py"], ["run", "./app.py", "-p", "8080:80"]),
        (["run", "-p", "8080:80"], ["run", "./", "-p", "8080:80"]),
        (["run", "--gdb", "echo"], ["run", "echo", "--gdb"]),
        (["run", "--port=8080:80", "/app"], ["run", "/app", "--port=8080:80"]),
    ],
)
def test_the_path_may_be_anywhere(
    words: list[str], expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("app.py").touch()
    assert pymnet.with_path(words, FLAGS) == expected


def test_a_new_application(tmp_path: Path) -> None:
    folder = tmp_path / "hello"
    assert "pymnet run -p 8080:80" in new.begin(folder)
    application = unikernel.load(folder)
    assert (application.devices, application.files) == ((SERVICE,), ("static/**",))
    assert "hello works" in (folder / "static" / "index.html").read_text()
    compile((folder / "main.py").read_text(), "main.py", "exec")
    (folder / "main.py").write_text("mine")
    with pytest.raises(HostError, match="exists already"):
        new.begin(folder)
    assert (folder / "main.py").read_text() == "mine"


def test_a_single_file_is_an_application(tmp_path: Path) -> None:
    for name in ("app.py", "helper.py", "main.py", "package/__init__.py", "other/far.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    application = unikernel.load(tmp_path / "app.py")
    assert (application.name, application.script, application.devices) == ("app", "app.py", (SERVICE,))
    found = [path.relative_to(tmp_path).as_posix() for path in current.python_files(application)]
    assert found == ["app.py", "helper.py", "main.py", "package/__init__.py"]


def test_a_folder_without_a_program(tmp_path: Path) -> None:
    with pytest.raises(HostError, match=r"has no main\.py and no unikernel\.toml"):
        unikernel.load(tmp_path)


def test_ports() -> None:
    ports = parse_ports(["8080:80", "5353:53/udp"])
    assert ports == (Forward(8080, 80), Forward(5353, 53, "udp"))
    options = launch.with_ports(Options(ports=ports), [SERVICE], "app")
    assert options.nets == (Net("service", forwards=ports),) and options.ports == ()
    with pytest.raises(LaunchError, match="ports are for user networking"):
        launch.with_ports(Options(nets=(Net("service", tap="tap0"),), ports=ports), [SERVICE], "app")
    with pytest.raises(LaunchError, match="no net device"):
        launch.with_ports(Options(ports=ports), [], "app")


@pytest.mark.parametrize("text", ["80", "0:80", "8080:65536", "x:1", "1:2/sctp", ""])
def test_bad_ports(text: str) -> None:
    with pytest.raises(LaunchError, match="expected HOST:GUEST"):
        parse_ports([text])


def test_the_doctor_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor.bootstrap, "is_there", lambda sign: sign not in ("patch", "gcc"))
    assert doctor.show() == 1
    assert "sudo apt-get install gcc patch" in capsys.readouterr().out


class Machine:
    """In place of a guest: runs until it is killed."""

    def __init__(self, started: "threading.Semaphore") -> None:
        self.running, self.started = True, started

    def start(self) -> "Machine":
        self.started.release()
        return self

    def kill(self) -> None:
        self.running = False


def test_watching_starts_again_after_a_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that fails ends nothing; the next one that works replaces the machine."""
    folder = tmp_path / "application"
    folder.mkdir()
    main, built, machines = folder / "main.py", threading.Semaphore(0), list[Machine]()
    started = threading.Semaphore(0)
    main.write_text("first")

    def build(*_: object) -> None:
        built.release()
        if main.read_text() == "stop":
            raise KeyboardInterrupt
        if main.read_text() == "wrong":
            raise LaunchError("SyntaxError")

    def start(*_: object) -> Machine:
        machines.append(Machine(started))
        return machines[-1]

    monkeypatch.setattr(foreground, "bring_up_to_date", build)
    monkeypatch.setattr(foreground, "launch", start)
    monkeypatch.setattr(foreground, "LOOK", 0.01)

    def write(text: str, seconds: int) -> None:
        """Replace the file at once, with a time of its own: two writes may be in one tick of the clock."""
        fresh = tmp_path / "fresh"
        fresh.write_text(text)
        os.utime(fresh, (seconds, seconds))
        fresh.rename(main)

    def change() -> None:
        assert started.acquire(timeout=60) and built.acquire(timeout=60)
        write("wrong", 1)
        assert built.acquire(timeout=60) and machines[0].running
        write("second one", 2)
        assert started.acquire(timeout=60) and not machines[0].running and machines[1].running
        write("stop", 3)

    thread = threading.Thread(target=change)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        foreground.watch(folder, Options())
    thread.join()
    assert [machine.running for machine in machines] == [False, False]


def test_nothing_to_do_is_found_without_the_build(tmp_path: Path) -> None:
    """The modules of the build take most of a second to import."""
    program = (
        "import sys, tasks; from host.build import current; from host import unikernel;"
        "current.describe(unikernel.load('hello'), 'qemu-virtio', False);"
        "heavy = 'host.build.', 'host.check', 'rich';"
        "print(*sorted(name for name in sys.modules if name.startswith(heavy)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.split() == ["host.build.current", "host.build.files"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`pip install .` of a copy into a folder, without what it depends on: that is here."""
    copy, target = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("installed")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for name in filter(None, listed.split("\0")):
        if not name.startswith("tests/") and (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((ROOT / name).read_bytes())
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", target, copy]
    done = subprocess.run(pip, capture_output=True, text=True, timeout=500, check=False)
    if "hatchling" in done.stderr:
        pytest.skip("hatchling cannot be downloaded")
    assert done.returncode == 0, done.stderr
    return target


@pytest.mark.timeout(900)
def test_the_installed_command_works_anywhere(installed: Path, tmp_path: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}

    def pymnet(*words: str) -> subprocess.CompletedProcess[str]:
        code = f"import sys; sys.path.insert(0, {str(installed)!r}); import pymnet; pymnet.main()"
        command = [sys.executable, "-c", code, *words]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    assert pymnet("new", "hello").returncode == 0 and (tmp_path / "hello" / "main.py").is_file()
    assert "KVM" in pymnet("doctor").stdout
    (tmp_path / "hello" / "static" / "index.html").unlink()
    failed = pymnet("build", "hello")
    assert failed.returncode == 1 and "unikernel.toml:3: [image]: files: 'static/**'" in failed.stderr
    assert not (tmp_path / "hello" / "build").exists()
    for part in ("tasks.py", "host", "stack", "port", "boards", "unikernels"):
        git = ["git", "ls-files", "-z", "--", part, ":!port/unix"]
        listed = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        missing = [name for name in listed.split("\0") if name and not (installed / "pymnet" / name).exists()]
        assert listed and not missing
    script = pymnet("--print-completion-script", "bash")
    assert script.returncode == 0 and "pymnet" in script.stdout
