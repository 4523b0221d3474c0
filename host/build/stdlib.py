"""CPython's own modules that an image can have: pure Python, from a Debian package, each file pinned.

They are fetched when something imports them. What goes with them in the same package is ours (stack/std).
"""

import subprocess
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from host.build import apt
from host.errors import HostError
from host.paths import BUILD, STACK, cache
from host.proc import the_error
from host.report import step

PACKAGE, SUITE = "libpython3.11-minimal", "bookworm"
INSIDE = "usr/lib/python3.11"
FOLDER = BUILD / "stdlib"
FILES = {
    "re/_casefix.py": "41572ac50cf96b04496e676d8a6708898bb8e752e06dad34ed4c50c5d8f1fe40",
    "re/_compiler.py": "23b13f6c11c3343aff2b701b5844a6c82a1a0add70e5aa839d6855d57f691af7",
    "re/_parser.py": "39f05acf256a475c6405a1b3c0ee20ab8ffe489485603005a0088e3d59e08fa0",
}


def package() -> Path:
    """The package's file in the user's cache folder, fetched if it is not there."""
    folder = cache() / "packages"
    found = sorted(folder.glob(f"{PACKAGE}_*.deb"))
    if found:
        return found[-1]
    with step(f"Fetching {PACKAGE} from Debian's archive"):
        return apt.fetch_binary(PACKAGE, SUITE, folder)


def is_as_pinned(path: Path) -> bool:
    return path.is_file() and sha256(path.read_bytes()).hexdigest() == FILES[name_of(path)]


def name_of(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


@lru_cache(maxsize=1)
def unpack() -> None:
    """Every file of FILES from the package to FOLDER. HostError if one is not what it was."""
    with TemporaryDirectory(prefix="pymnet-stdlib-") as name:
        argv = ["dpkg-deb", "-x", str(package()), name]
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise HostError(f"cannot unpack {PACKAGE}: {the_error(done.stderr.splitlines())}")
        for each in FILES:
            target = FOLDER / each
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((Path(name) / INSIDE / each).read_bytes())
            if not is_as_pinned(target):
                target.unlink()
                raise HostError(
                    f"{package().name}: {each} is not the file that host/build/stdlib.py names: not used"
                )


def provide(path: Path) -> None:
    """If the file is one of CPython's, have it."""
    if path.is_relative_to(FOLDER) and not path.is_file():
        unpack()


def lay_out(folder: Path) -> Path:
    """Links to these files and to ours of the same packages: what the unix build imports from source."""
    for package in {Path(name).parent for name in FILES}:
        (folder / package).mkdir(parents=True, exist_ok=True)
        theirs = [FOLDER / name for name in FILES if Path(name).parent == package]
        for source in [*theirs, *sorted((STACK / "std" / package).glob("*.py"))]:
            provide(source)
            link = folder / package / source.name
            link.unlink(missing_ok=True)
            link.symlink_to(source)
    return folder
