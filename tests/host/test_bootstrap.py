"""Set-up of a machine: only missing parts are installed, by existing tools, and completely."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from host import bootstrap
from host.errors import HostError
from host.paths import ROOT


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Record commands instead of running them; all succeed."""
    made: list[list[str]] = []

    def run(argv: list[str], **options: object) -> "subprocess.CompletedProcess[str]":
        made.append(argv)
        return subprocess.CompletedProcess(argv, 0, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    return made


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The only folder with commands."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(bootstrap, "SBIN", str(tmp_path))
    return tmp_path


def add(folder: Path, name: str) -> None:
    (folder / name).touch(mode=0o755)


def test_what_is_there_is_not_missing(tools: Path) -> None:
    add(tools, "here")
    packages = {"a": "here", "b": "not-here", "c": str(tools / "here"), "d": str(tools / "not-here")}
    assert bootstrap.missing_packages(packages) == ["b", "d"]


def test_complete_machine_needs_no_network(calls: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "venv_is_ready", lambda: True)
    bootstrap.bootstrap({"coreutils": "sh"})
    assert calls == []


def test_as_root_apt_installs(calls: list[list[str]], tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(tools, "apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    bootstrap.install_packages(["gcc", "patch"])
    update, install = calls
    assert update[:2] == ["apt-get", "update"]
    assert "apt-get" in install and install[-2:] == ["gcc", "patch"]
    assert "--no-install-recommends" in install


def test_as_user_sudo_does(calls: list[list[str]], tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(tools, "apt-get")
    add(tools, "sudo")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    bootstrap.install_packages(["gcc"])
    assert [call[0] for call in calls] == ["sudo", "sudo"]


def test_without_root_the_command_is_printed(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(tools, "apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(HostError, match="no sudo: run this as root: .*apt-get .*install .* gcc patch$"):
        bootstrap.install_packages(["gcc", "patch"])


def test_without_apt_the_tools_are_listed(tools: Path) -> None:
    with pytest.raises(HostError, match="missing tools: install what Debian calls gcc patch"):
        bootstrap.install_packages(["gcc", "patch"])


def test_every_pin_is_exact() -> None:
    lines = [line for line in bootstrap.REQUIREMENTS.read_text().splitlines() if line and line[0] != "#"]
    assert lines and all(line.count("==") == 1 for line in lines)


@pytest.fixture
def nothing_yet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Neither an environment nor wheels, and one small requirement."""
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / "venv")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(bootstrap, "REQUIREMENTS", tmp_path / "requirements.txt")
    (tmp_path / "requirements.txt").write_text("")
    return tmp_path


def test_a_half_made_environment_is_not_trusted(nothing_yet: Path) -> None:
    (nothing_yet / "venv" / "bin").mkdir(parents=True)
    assert not bootstrap.venv_is_ready()
    bootstrap.stamp().write_text(bootstrap.requirements_digest())
    assert bootstrap.venv_is_ready()
    bootstrap.REQUIREMENTS.write_text("invoke==1.0\n")
    assert not bootstrap.venv_is_ready()


def test_an_interrupted_download_leaves_no_wheels(nothing_yet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: str, problem: str) -> None:
        raise HostError(problem)

    monkeypatch.setattr(bootstrap, "pip", fail)
    with pytest.raises(HostError, match="cannot download Python packages"):
        bootstrap.wheels()
    assert list((nothing_yet / "cache" / "pymnet" / "wheels").iterdir()) == []


def test_wheels_in_the_cache_need_no_network(nothing_yet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(bootstrap, "pip", lambda *arguments, problem: asked.append(arguments[0]))
    first = bootstrap.wheels()
    assert bootstrap.wheels() == first and asked == ["download"]


def test_it_runs_without_the_environment() -> None:
    """Only the standard library is used: -S excludes site-packages, -I the current folder too."""
    script = "import sys; sys.path.insert(0, sys.argv[1]); import host.bootstrap, host.errors, host.paths"
    subprocess.run([sys.executable, "-I", "-S", "-c", script, str(ROOT)], check=True)


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        (
            "WARNING: x\nERROR: Could not find a version\nERROR: No matching distribution\n",
            "ERROR: Could not find a version",
        ),
        (
            "WARNING: Retrying (total=4) after connection broken by 'NewError(\"no\")': /simple/invoke/\n"
            "ERROR: No matching distribution found for invoke\n",
            'no connection to the package index: NewError("no")',
        ),
        ("", "no message"),
    ],
)
def test_why_pip_failed(output: str, reason: str) -> None:
    assert bootstrap.pip_reason(output) == reason
