"""MicroPython: its source (from Debian or a checkout) with our patches, mpy-cross and the unix build."""

import os
import re
import shutil
import tarfile
from pathlib import Path

from host.build import mbedtls, steps, zlib
from host.build.sources import Source
from host.errors import HostError
from host.paths import BUILD, PORT, shown
from host.proc import run_logged
from host.report import step

VERSION = "1.25.0"
ORIGIN = Source(
    "micropython",
    f"MicroPython {VERSION}",
    "trixie",
    f"micropython_{VERSION}+ds.orig.tar.xz",
    "7b25be99a502f070b2de81dafc08da7051d992325d6e67daa9045a918fffdbea",
)

HOME = BUILD / "micropython"
SOURCE = HOME / "src"
MPY_CROSS = HOME / "mpy-cross" / "mpy-cross"
UNIX = HOME / "unix" / "micropython"
LOGS = BUILD / "log"
OVERLAY = PORT / "overlay"
JOBS = f"-j{os.cpu_count() or 1}"

# Compressed messages are indices into a table that changes with every message, and make does not compile the
# objects that have them again.
PLAIN_TEXTS = "MICROPY_ROM_TEXT_COMPRESSION=0"

# Nothing that needs a library: lib/ is empty in Debian's source package.
UNIX_OPTIONS = [
    "COPT=-O2 -DNDEBUG -fdata-sections -ffunction-sections",
    "CFLAGS_EXTRA=-DMICROPY_OPT_MAP_LOOKUP_CACHE_SIZE=1024 -DMICROPY_PY_ALL_INPLACE_SPECIAL_METHODS=1",
    "MICROPY_PY_THREAD=0",
    "MICROPY_PY_BTREE=0",
    "MICROPY_PY_FFI=0",
    "MICROPY_PY_SSL=0",
    "MICROPY_SSL_MBEDTLS=0",
    PLAIN_TEXTS,
]


def tarball() -> Path:
    """Return the pinned tarball in the user's cache folder, fetching it if it is missing."""
    try:
        return ORIGIN.fetch()
    except HostError as error:
        remedy = "is the network up? MICROPYTHON_DIR=<a checkout> does without"
        raise HostError(f"cannot fetch MicroPython's source: {error}; {remedy}") from error


def unpack(archive: Path, into: Path) -> None:
    """Unpack the content of the tarball's one top folder to `into`."""
    with tarfile.open(archive) as tar:
        if hasattr(tarfile, "data_filter"):  # not in Python 3.11.2; the hash has been checked
            tar.extraction_filter = tarfile.data_filter
        for member in tar:
            _, _, member.name = member.name.partition("/")
            if member.name:
                tar.extract(member, into)


def checkout_digest(checkout: Path) -> str:
    """Return a digest of names and times of a checkout: hashing its contents takes longer than copying."""
    files = sorted(path for path in checkout.rglob("*") if ".git" not in path.parts and path.is_file())
    return steps.digest(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files)


def copy_checkout(checkout: Path, into: Path) -> None:
    ignore = shutil.ignore_patterns(".git", "build", "build-*", "__pycache__")
    shutil.copytree(checkout, into, symlinks=True, ignore=ignore, dirs_exist_ok=True)


def checkout() -> Path | None:
    """Return the checkout that MICROPYTHON_DIR names, if any."""
    name = os.environ.get("MICROPYTHON_DIR")
    if not name:
        return None
    path = Path(name).expanduser().resolve()
    if not (path / "py" / "mpconfig.h").is_file():
        raise HostError(f"MICROPYTHON_DIR={name}: no MicroPython there (it has no py/mpconfig.h)")
    return path


def apply_patches(patches: list[Path], tree: Path) -> None:
    for patch in patches:
        argv = ["patch", "-p1", "--forward", "--batch", "--no-backup-if-mismatch", "-i", patch]
        run_logged(argv, f"applying {shown(patch)}", LOGS / f"{patch.stem}.log", cwd=tree)


def overlay() -> list[Path]:
    """Return our files that are added to MicroPython's or replace them, under the same paths."""
    return sorted(path for path in OVERLAY.rglob("*") if path.is_file())


def apply_overlay(tree: Path) -> None:
    for path in overlay():
        target = tree / path.relative_to(OVERLAY)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def version(tree: Path) -> str:
    """Return MicroPython's version from its py/mpconfig.h."""
    text = (tree / "py" / "mpconfig.h").read_text()
    numbers = re.findall(r"^#define MICROPY_VERSION_(?:MAJOR|MINOR|MICRO) (\d+)", text, re.MULTILINE)
    return ".".join(numbers)


def source() -> Path:
    """Return the patched copy of MicroPython's source, which is read-only for all builds."""
    patches = sorted((PORT / "patches").glob("*.patch"))
    own = checkout()
    origin = checkout_digest(own) if own else ORIGIN.sha256

    def make(folder: Path) -> None:
        if own:
            copy_checkout(own, folder)
        else:
            unpack(tarball(), folder)
        zlib.add(folder)
        mbedtls.add(folder)
        apply_patches(patches, folder)
        apply_overlay(folder)

    with steps.lock():
        inputs = steps.digest([origin, zlib.SOURCE.sha256, mbedtls.SOURCE.sha256, *patches, *overlay()])
        if steps.stamped(SOURCE) != inputs:
            with step("Unpacking MicroPython's source"):
                steps.made_whole(SOURCE, inputs, make)
    return SOURCE


def recipe(tree: Path) -> str:
    """Return a digest of what make does not see change: which C files there are, and the makefiles."""
    makefiles = [*tree.glob("*/*.mk"), *tree.glob("ports/unix/**/*.mk"), tree / "ports" / "unix" / "Makefile"]
    makefiles += [*PORT.rglob("*.mk"), PORT / "Makefile"]
    names = (str(path.relative_to(tree)) for path in tree.rglob("*.[ch]"))
    return steps.digest([*sorted(names), *sorted(path for path in makefiles if path.is_file())])


def version_env(tree: Path) -> dict[str, str]:
    """Set MicroPython's version explicitly: otherwise it is that of our git repository around the copy."""
    return {"MICROPY_GIT_TAG": f"v{version(tree)}", "MICROPY_GIT_HASH": "pymnet"}


def mpy_cross() -> Path:
    """Build MicroPython's cross compiler."""
    tree = source()

    objects = HOME / "mpy-cross.build"
    argv = ["make", JOBS, "-C", tree / "mpy-cross", f"BUILD={objects}", PLAIN_TEXTS]

    def make(folder: Path) -> None:
        with (
            step("Building mpy-cross") as show,
            steps.incremental(objects, steps.digest([recipe(tree), PLAIN_TEXTS])),
        ):
            run_logged(argv, "building mpy-cross", LOGS / "mpy-cross.log", env=version_env(tree), show=show)
        shutil.copy2(objects / MPY_CROSS.name, folder)

    with steps.lock():
        steps.made_whole(MPY_CROSS.parent, steps.digest([steps.stamped(tree)]), make)
    return MPY_CROSS


def unix() -> Path:
    """Build MicroPython for this machine with our C modules: for unit tests, upstream's tests and
    benchmarks."""
    tree, cross = source(), mpy_cross()
    argv = ["make", JOBS, "-C", tree / "ports" / "unix", f"BUILD={UNIX.parent}", *UNIX_OPTIONS]
    argv += [f"MICROPY_MPYCROSS={cross}", "MICROPY_MPYCROSS_DEPENDENCY=", f"USER_C_MODULES={PORT / 'unix'}"]
    manifest = 'include("$(MPY_DIR)/extmod/asyncio")\n'
    lib = HOME / "micropython-lib"  # not in Debian's source; its check needs only a README.md
    argv += [f"MPY_LIB_DIR={lib}", f"FROZEN_MANIFEST={lib / 'manifest.py'}"]
    with steps.lock(), step("Building MicroPython for unix") as show:
        lib.mkdir(exist_ok=True)
        (lib / "README.md").write_text("In place of micropython-lib: nothing of it is used.\n")
        if not (lib / "manifest.py").exists():
            (lib / "manifest.py").write_text(manifest)
        with steps.incremental(UNIX.parent, steps.digest([recipe(tree), *UNIX_OPTIONS, manifest])):
            run_logged(
                argv, "building MicroPython for unix", LOGS / "unix.log", env=version_env(tree), show=show
            )
    return UNIX
