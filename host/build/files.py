"""The read-only files of an image: `files` in unikernel.toml. They are at the same place below "/" as in the
application's folder, so that a program finds them by its working directory and beside `__file__`.

All data is one file for the assembler; a module of constants, `_files`, has their names as a tree
(stack/mkernel/fs/rom.py). Their time is the start of the image, so the same files give the same image."""

import fnmatch
import glob
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from host.errors import HostError, explain
from host.paths import shown
from host.unikernel import Unikernel

MODULE = "_files.py"
DRIVER = "mkernel/fs/rom.py"
OF_THE_IMAGE = {"dev", "run", "tmp"}  # folders that the image makes
CODE = {".py", ".pyc", ".pyi", ".pyx", ".pxd", ".c", ".h", ".so", ".toml", ".typed"}
ALIGNMENT = 16  # bytes

Tree = tuple[tuple[str, int, "Tree | None"], ...]  # name, number, entries of a folder


@dataclass(frozen=True, order=True)
class DataFile:
    """A file of the image: its path there, without the first slash, and here."""

    path: str
    source: Path


def all_of(application: Unikernel) -> list[DataFile]:
    """Return every file of the image, sorted. HostError: one is missing, or two have one name."""
    found: dict[str, DataFile] = {}
    for each in (*named(application), *of_packages(application)):
        other = found.setdefault(each.path, each)
        if other.source != each.source:
            both = f"{shown(other.source)} and {shown(each.source)}"
            raise HostError(f"unikernel {application.name}: {both} would both be the file /{each.path}")
    return [*map(found.__getitem__, sorted(found))]


def named(application: Unikernel) -> Iterator[DataFile]:
    """Yield what `files` in unikernel.toml names."""
    for pattern in application.files:
        try:
            matches = [*matching(pattern, application)]
        except OSError as error:
            raise wrong(application, pattern, explain(error)) from None
        if not matches:
            raise wrong(application, pattern, f"there is no such file in {shown(application.folder)}")
        for path in matches:
            name = path.relative_to(application.folder).as_posix()
            if name.partition("/")[0] in OF_THE_IMAGE:
                raise wrong(application, pattern, f"/{name.partition('/')[0]} is the image's own folder")
            if not name.isprintable():
                raise wrong(application, pattern, f"{name!a} is not a printable name in UTF-8")
            if not path.is_file():
                raise wrong(application, pattern, f"{name} is no regular file")
            yield DataFile(name, path)


def of_packages(application: Unikernel) -> Iterator[DataFile]:
    """Yield the data of packages, beside their modules."""
    from host.build import packages  # imports the build, which host/build/current.py does not need

    for folder in packages.with_data(application):
        for each in beside(folder):
            top, _, rest = each.path.partition("/")
            if rest and not top.endswith(".dist-info") and top not in packages.NOT_FOR_IMPORT:
                yield each


def wrong(application: Unikernel, pattern: str, what: str) -> HostError:
    return HostError(f"{application.line('image', 'files')}: [image]: files: {pattern!r}: {what}")


def matching(pattern: str, application: Unikernel) -> Iterator[Path]:
    """Yield the files of a pattern: `**` stands for any folders, a folder for all that is in it. Hidden files
    must be named."""
    folder = application.folder
    if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
        raise wrong(application, pattern, f"only files below {shown(folder)} can be named")
    if (folder / pattern).is_dir():
        pattern = f"{glob.escape(pattern.rstrip('/'))}/**"
    names = glob.glob(pattern, root_dir=folder, recursive=True)
    for name in sorted({Path(name).as_posix() for name in names}):
        left = any(fnmatch.fnmatchcase(name, each) for each in application.exclude)
        if not left and not (folder / name).is_dir():
            yield folder / name


def beside(folder: Path) -> Iterator[DataFile]:
    """Yield every file below a folder that is no code, as data of an installed package."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        hidden = any(part.startswith((".", "__pycache__")) for part in name.parts)
        if path.is_file() and path.suffix not in CODE and not hidden:
            yield DataFile(name.as_posix(), path)


def tree(files: list[DataFile]) -> Tree:
    """Return the folders of the files, as rom.py reads them. File N of the list has the number N."""
    folders: dict[str, object] = {}
    for number, each in enumerate(files):
        inner = folders
        *above, name = each.path.split("/")
        for folder in above:
            inner = inner.setdefault(folder, {})  # type: ignore[assignment]
            if not isinstance(inner, dict):
                raise HostError(f"files: {folder} is a file and a folder: /{each.path}")
        inner[name] = number
    numbers = iter(range(len(files), 1 << 32))

    def entries(folder: dict[str, object]) -> Tree:
        return tuple(
            (name, next(numbers), entries(inner))
            if isinstance(inner, dict)
            else (name, int(str(inner)), None)
            for name, inner in sorted(folder.items())
        )

    return entries(folders)


def module(files: list[DataFile]) -> str:
    """Return the module MODULE with the tree; nothing without files."""
    start = "from _rom import data\nfrom mkernel.fs.rom import attach\n\n"
    return f"{start}TREE = {tree(files)!r}\n" if files else ""


def content(files: list[DataFile], folder: Path) -> str:
    """Write the data of all files to a file for the assembler. Returns C code that defines `rom_data`."""
    blob, objects = bytearray(), []
    for number, each in enumerate(files):
        try:
            data = each.source.read_bytes()
        except OSError as error:
            raise HostError(explain(error)) from None
        where = f"rom_bytes + {len(blob)}"
        value = f"{{{{&mp_type_bytes}}, 0, {len(data)}, {where}}}"
        objects.append(f"static const mp_obj_str_t rom_file_{number} = {value};\n")
        blob += data + b"\0" * (ALIGNMENT - len(data) % ALIGNMENT)  # one at least, as all bytes objects have
    path = folder / "files.bin"
    if not path.is_file() or path.read_bytes() != blob:
        path.write_bytes(blob)
    items = ", ".join(f"MP_ROM_PTR(&rom_file_{number})" for number in range(len(files)))
    return (
        f"\n// {sha256(blob).hexdigest()}\n"
        f'__asm__(".pushsection .rodata.files,\\"a\\"\\n.balign {ALIGNMENT}\\n'
        f'rom_bytes: .incbin \\"{quoted(path)}\\"\\n.popsection");\n'
        "extern const byte rom_bytes[];\n"
        f"{''.join(objects)}"
        f"const mp_rom_obj_tuple_t rom_data = {{{{&mp_type_tuple}}, {len(files)}, {{{items}}}}};\n"
    )


def quoted(path: Path) -> str:
    """Return a path as text in an assembler's string in a string of C."""
    return re.sub(r'(["\\])', r"\\\\\\\1", str(path))
