"""unikernel.lock: what the requirements were resolved to, with hashes, as pip's requirement files have them.

It is written when there is none or when the requirements have changed; its first line says for which ones."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from host.build.packages import pip
from host.build.packages.wanted import Wants, normalized
from host.errors import HostError, os_errors
from host.paths import shown
from host.report import step

NAME = "unikernel.lock"
FIRST = "# pymnet: "
SECOND = "# Written by the build, for pip; commit it. Without it the newest releases are taken.\n"
ENTRY = re.compile(r"(?P<what>[A-Za-z0-9._-]+(?:==\S+| @ \S+))(?P<hashes>(?: --hash=sha256:[0-9a-f]{64})+)$")


@dataclass(frozen=True)
class Pinned:
    """One release: `what` is its requirement (name==version, or name @ URL); `hashes` are SHA-256."""

    what: str
    hashes: tuple[str, ...]
    where: str  # the lock file and line

    @property
    def name(self) -> str:
        return re.split(r"==| @ ", self.what)[0]

    @property
    def line(self) -> str:
        return " \\\n    ".join([self.what, *(f"--hash=sha256:{each}" for each in self.hashes)]) + "\n"


def subject(wants: Wants) -> str:
    """Return the first line of a lock file for these requirements."""
    return FIRST + json.dumps([each.text for each in wants.requirements]) + "\n"


def read(path: Path) -> list[Pinned]:
    """Return the entries of a lock file. HostError: the line that is none."""
    found, entry, start = [], "", 1
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("#") or not line.strip():
            continue
        start = start if entry else number
        entry += line.strip().removesuffix("\\").strip() + " "
        if line.rstrip().endswith("\\"):
            continue
        match = ENTRY.match(entry.strip())
        if not match:
            raise HostError(
                f"{shown(path)}:{start}: expected NAME==VERSION --hash=sha256:...; "
                "remove the file, and the next build writes it again"
            )
        digests = tuple(word.rpartition(":")[2] for word in match["hashes"].split())
        found.append(Pinned(match["what"], digests, f"{shown(path)}:{start}"))
        entry = ""
    if entry:
        raise HostError(f"{shown(path)}:{start}: the last line is not whole")
    return found


def entry(item: dict[str, Any], wants: Wants, where: str) -> Pinned:
    """Return one release of pip's report (PEP 610 has the fields of download_info)."""
    name, version = normalized(item["metadata"]["name"]), item["metadata"]["version"]
    download = item["download_info"]
    digest = download.get("archive_info", {}).get("hashes", {}).get("sha256")
    if not digest:
        line = wants.lines().get(name, wants.origin)
        raise HostError(f"{line}: packages: {name} is no archive with a hash: {download['url']}")
    what = f"{name} @ {download['url']}" if item.get("is_direct") else f"{name}=={version}"
    return Pinned(what, (digest,), where)


def resolve(folder: Path, wants: Wants) -> list[Pinned]:
    """Let pip choose releases for an image."""
    with TemporaryDirectory(prefix="pymnet-pip-") as name, step(f"Resolving {wants.origin}"):
        report = Path(name) / "report.json"
        words = ["install", "--dry-run", "--ignore-installed", f"--report={report}", *wants.argv]
        wrong = pip.run(words, folder)
        if wrong:
            raise pip.explained(wrong, wants.lines(), wants.origin)
        items = json.loads(report.read_text())["install"]
    where = shown(folder / NAME)
    return sorted((entry(item, wants, where) for item in items), key=lambda each: each.name)


def pinned(folder: Path, wants: Wants) -> list[Pinned]:
    """Return the locked releases, resolving if the requirements are others than the lock file's."""
    path = folder / NAME
    if path.is_file():
        head = path.read_text().partition("\n")[0] + "\n"
        if head == subject(wants):
            return read(path)
        if not head.startswith(FIRST):
            raise HostError(f"{shown(path)}:1: not a lock file of pymnet; remove it or rename it")
    found = resolve(folder, wants)
    text = subject(wants) + SECOND + "".join(each.line for each in found)
    with os_errors(f"cannot write {NAME}"):
        partial = path.with_name(f".{NAME}.partial")
        partial.write_text(text)
        partial.rename(path)
    return read(path)
