"""Fetch a source package from Debian's archive through the machine's apt, but without its state.

The mirror and the key come from the machine's configuration (sources.list(5): one-line and deb822 style);
the suite that has the wanted version is added in a private configuration. apt checks the archive's
signature."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from host.errors import HostError, os_errors
from host.proc import build_env, the_error

ETC = Path("/etc/apt")
ONE_LINE = re.compile(
    r"^deb(?:-src)?\s+(?:\[(?P<options>[^]]*)\]\s*)?(?P<uri>\S+)\s+(?P<suite>\S+)\s*(?P<components>.*)$"
)


@dataclass(frozen=True)
class Entry:
    """One suite of one archive, from the machine's configuration."""

    uri: str
    suite: str
    components: tuple[str, ...]
    signed_by: str = ""


def parse_one_line(text: str) -> Iterator[Entry]:
    """Parse the one-line-style format of sources.list(5)."""
    for line in text.splitlines():
        match = ONE_LINE.match(line.partition("#")[0].strip())
        if match:
            options = dict(word.partition("=")[::2] for word in (match["options"] or "").split())
            yield Entry(
                match["uri"], match["suite"], tuple(match["components"].split()), options.get("signed-by", "")
            )


def deb822_fields(stanza: str) -> dict[str, str]:
    """Return the fields of one stanza, names in lower case, continuation lines joined by newlines."""
    fields: dict[str, str] = {}
    name = ""
    for line in stanza.splitlines():
        if line.startswith("#"):
            continue
        if line[:1] in (" ", "\t"):
            fields[name] = f"{fields.get(name, '')}\n{line}"
        elif ":" in line:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            fields[name] = value.strip()
    return fields


def parse_deb822(text: str) -> Iterator[Entry]:
    """Parse the deb822-style format of sources.list(5)."""
    for stanza in re.split(r"\n\s*\n", text):
        fields = deb822_fields(stanza)
        if fields.get("enabled", "yes").lower() in ("no", "false", "0"):
            continue
        for uri in fields.get("uris", "").split():
            for suite in fields.get("suites", "").split():
                components = tuple(fields.get("components", "").split())
                yield Entry(uri, suite, components, fields.get("signed-by", ""))


def configured(etc: Path = ETC) -> list[Entry]:
    """Return every entry of the machine's apt configuration."""
    entries: list[Entry] = []
    for path in [etc / "sources.list", *sorted((etc / "sources.list.d").glob("*"))]:
        if path.suffix not in (".list", ".sources") or not path.is_file():
            continue
        parse = parse_deb822 if path.suffix == ".sources" else parse_one_line
        entries += parse(path.read_text(errors="replace"))
    return entries


def main_archive(entries: Iterable[Entry]) -> Entry:
    """Return the entry of Debian's main archive: no security, updates, backports or third-party archive."""

    def likeness(entry: Entry) -> tuple[bool, bool, bool]:
        """Rank an entry. A third party has a key of its own; Debian's has a well-known name or is trusted
        without one."""
        return (
            "debian-archive" in entry.signed_by,
            not entry.signed_by,
            entry.uri.rstrip("/").endswith("/debian"),
        )

    plain = [e for e in entries if "main" in e.components and not set(e.suite) & set("-/")]
    if not plain:
        raise HostError(
            "apt on this machine has no entry for Debian's main archive: add one to /etc/apt/sources.list, "
            "or set MICROPYTHON_DIR to a checkout of MicroPython"
        )
    return max(plain, key=likeness)


def source_entry(archive: Entry, suite: str) -> str:
    """Return the deb822 text of the source-package entry of our private configuration."""
    lines = ["Types: deb-src", f"URIs: {archive.uri}", f"Suites: {suite}", "Components: main"]
    if archive.signed_by:
        lines.append(f"Signed-By: {archive.signed_by}")
    return "\n".join(lines) + "\n"


@contextmanager
def private_folder() -> Iterator[Path]:
    """Make a folder for apt's lists and downloads that its unprivileged user (APT::Sandbox::User) can use."""
    with tempfile.TemporaryDirectory(prefix="pymnet-apt-") as name:
        folder = Path(name)
        (folder / "lists" / "partial").mkdir(parents=True)
        (folder / "cache" / "archives" / "partial").mkdir(parents=True)
        (folder / "download").mkdir()
        if os.geteuid() == 0:
            for path in [folder, *folder.rglob("*")]:
                try:
                    shutil.chown(path, "_apt")
                except LookupError:  # no such user: apt then downloads as root
                    break
        yield folder


def private_options(folder: Path) -> list[str]:
    """Return options for apt.conf(5): none of the machine's lists, pins and caches, but its proxies and
    methods."""
    settings = {
        "Dir::Etc::sourcelist": folder / "archive.sources",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::Etc::preferences": "/dev/null",
        "Dir::Etc::preferencesparts": "/dev/null",
        "Dir::State::lists": folder / "lists",
        "Dir::Cache": folder / "cache",
        "APT::Default-Release": "",
        "APT::Update::Error-Mode": "any",
        "Acquire::Languages": "none",
        "Acquire::Retries": "2",
    }
    return [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]


def apt_get(options: Sequence[str], arguments: Sequence[str], cwd: Path) -> None:
    done = subprocess.run(
        ["apt-get", "-q", *options, *arguments],
        cwd=cwd,
        env=build_env(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise HostError(the_error((done.stderr + done.stdout).splitlines()))


def upgrade_keyring() -> None:
    """Try to upgrade the keyring: an old one lacks the key of a newer suite. Failures are left to apt's
    own check."""
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    upgrade = ["apt-get", "install", "-y", "-qq", "--only-upgrade", "debian-archive-keyring"]
    if not sudo or shutil.which("sudo"):
        subprocess.run([*sudo, *upgrade], stdin=subprocess.DEVNULL, capture_output=True, check=False)


def binary_entry(archive: Entry, suite: str) -> str:
    """Return the deb822 text of the entry for one suite's binary packages, including point releases."""
    return source_entry(archive, f"{suite} {suite}-updates").replace("deb-src", "deb")


def fetch_binary(package: str, suite: str, into: Path) -> Path:
    """Download a binary package into the folder `into` and check its signature. Returns its path."""
    if not shutil.which("apt-get"):
        raise HostError("there is no apt-get on this machine")
    archive = main_archive(configured())
    with os_errors("cannot keep the download"), private_folder() as folder:
        (folder / "archive.sources").write_text(binary_entry(archive, suite))
        options = private_options(folder)
        apt_get(options, ["update"], cwd=folder)
        apt_get(options, ["download", package], cwd=folder / "download")
        found = sorted((folder / "download").glob(f"{package}_*.deb"))
        if not found:
            raise HostError(f"{suite} has no {package}")
        into.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(found[0], into))


def fetch_source(package: str, suite: str, file: str, into: Path) -> None:
    """Download a source package, check its signature, and keep `file` of it in the folder `into`."""
    if not shutil.which("apt-get"):
        raise HostError("there is no apt-get on this machine")
    archive = main_archive(configured())
    upgrade_keyring()
    with os_errors("cannot keep the download"), private_folder() as folder:
        (folder / "archive.sources").write_text(source_entry(archive, suite))
        options = private_options(folder)
        apt_get(options, ["update"], cwd=folder)
        download = folder / "download"
        apt_get(options, ["source", "--download-only", "--only-source", package], cwd=download)
        found = download / file
        if not found.is_file():
            others = " ".join(sorted(path.name for path in download.glob("*.orig.tar.*"))) or "nothing"
            raise HostError(f"{suite} has {others} where {file} is wanted")
        shutil.copyfile(found, into / file)
