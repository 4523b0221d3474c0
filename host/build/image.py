"""Build a bootable image from an application: library, platform, frozen code, manifest; checked."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from host import board as boards
from host import elf, manifest, unikernel
from host.board import Board, image_path
from host.build import current, files, freeze, imports, micropython, packages, steps, unikraft
from host.build.current import Mark
from host.build.files import DataFile
from host.build.imports import Unsatisfied
from host.build.modules import KEPT, Module, is_ours
from host.errors import HostError
from host.manifest import Kind
from host.paths import BUILD, PORT, shown
from host.proc import run_logged
from host.report import say, step
from host.unikernel import Unikernel

LIBRARY = BUILD / "port"
BUILTIN = re.compile(r"MP_ROM_QSTR\(MP_QSTR_(\w+)\), MP_ROM_PTR\(&(\w+)\)")


@dataclass(frozen=True)
class Image:
    """An image, and its copy with symbols."""

    path: Path
    modules: tuple[Module, ...]
    files: tuple[DataFile, ...] = ()

    @property
    def debug(self) -> Path:
        return self.path.with_name(f"{self.path.name}.debug")


def make_port(what: str, *words: str | Path) -> None:
    tree, cross = micropython.SOURCE, micropython.MPY_CROSS
    argv = [
        "make",
        micropython.JOBS,
        "-C",
        PORT,
        f"TOP={tree}",
        f"BUILD={LIBRARY}",
        f"MPY_CROSS={cross}",
        *words,
    ]
    with step(f"Building {what}") as show:
        log = micropython.LOGS / f"{what.replace(' ', '-')}.log"
        run_logged(argv, f"building {what}", log, env=micropython.version_env(tree), show=show)


def machine(board: Board) -> list[str]:
    """Return the make variables that name the board's machine."""
    return [f"PLATFORM={board.platform}", f"ARCHITECTURE={board.arch}"]


def build_library(board: Board) -> None:
    """Build the interpreter and all other code that is the same for every application."""
    made = LIBRARY / f".made-{board.platform}-{board.arch}"
    tree = steps.stamped(micropython.SOURCE)
    made_of = steps.digest([tree, str(LIBRARY), *current.stamps(PORT)]) if tree else ""
    if made_of and made.is_file() and made.read_text() == made_of:
        return  # make would find nothing to do, in a second
    made.unlink(missing_ok=True)
    with steps.incremental(LIBRARY, micropython.recipe(micropython.SOURCE)):
        make_port("the runtime", "lib")
        make_port(f"platform {board.platform}", *machine(board), "platform")
    made.write_text(made_of)


def in_c() -> dict[str, str]:
    """Return the modules in C that the runtime has without any frozen one, and their names in C."""
    return dict(BUILTIN.findall((LIBRARY / "genhdr" / "moduledefs.h").read_text()))


def references(modules: list[Module]) -> str:
    """Return C code that makes the linker include the modules in C that these import; the image has no
    others."""
    symbols = in_c()
    names = sorted({symbols[name] for name in imports.in_c(modules, symbols)})
    declared = "".join(f"extern const struct _mp_obj_module_t {name};\n" for name in names)
    return f"\n{declared}const void *const modules_in_c[] = {{{', '.join(f'&{name}' for name in names)}}};\n"


def frozen(application: Unikernel) -> tuple[list[Module], list[Unsatisfied]]:
    """Return the modules of the image and its unsatisfied imports. The library must be built."""
    return imports.walk(application, freeze.available(application), in_c())


def is_written_by_the_user(module: Module) -> bool:
    """Whether the module is of no library and no package, and not made by the build."""
    source = module.source
    return not (is_ours(source) or source.is_relative_to(KEPT) or packages.is_packaged(source))


def source_text(modules: list[Module], folder: Path) -> Module:
    """Return a module with the source of all application modules, for tracebacks
    (stack/mkernel/tracebacks.py)."""
    texts = {module.path: module.source.read_text() for module in modules if is_written_by_the_user(module)}
    path = steps.write_if_changed(folder / "_sources.py", f"SOURCES = {texts!r}\n")
    return Module(path.name, path)


def variables(application: Unikernel, folder: Path) -> Module:
    """Return a module with [env] of unikernel.toml, for stack/mkernel/environment.py."""
    path = steps.write_if_changed(folder / "_environment.py", f"VARIABLES = {application.env!r}\n")
    return Module(path.name, path)


def preemption(modules: list[Module], folder: Path) -> Module:
    """Return a module that lets other threads run while one computes in these modules, every 5 ms as on
    CPython. stack/_boot.py imports it."""
    own = tuple(module.path for module in modules if is_written_by_the_user(module))
    text = f"import _turn\nimport sys\n\n_turn.start({own!r})\nsys.setswitchinterval(0.005)\n"
    path = steps.write_if_changed(folder / "_preemption.py", text)
    return Module(path.name, path)


def written(application: Unikernel, board: Board, modules: list[Module], sources_too: bool) -> list[Module]:
    """Return the modules that the build writes."""
    folder = BUILD / board.name / application.key
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    if sources_too:
        made.append(source_text(modules, folder))
    if application.env and any(module.path == "mkernel/environment.py" for module in modules):
        made.append(variables(application, folder))
    if application.preemption:
        made.append(preemption(modules, folder))
    if any(module.path == "importlib/util.py" for module in modules):
        made.append(list_of_modules(modules, folder))
    return made


def list_of_modules(modules: list[Module], folder: Path) -> Module:
    """Return a module with the names of all modules, for importlib.util and pkgutil."""
    names = tuple(sorted(module.path for module in modules))
    in_image = tuple(sorted(imports.in_c(modules, in_c())))
    path = steps.write_if_changed(folder / "_modules.py", f"FROZEN = {names!r}\nIN_C = {in_image!r}\n")
    return Module(path.name, path)


def link(application: Unikernel, board: Board, modules: list[Module]) -> Image:
    folder = BUILD / board.name / application.key
    qstrings = LIBRARY / "genhdr" / "qstrdefs.preprocessed.h"
    tools = micropython.MPY_CROSS, micropython.SOURCE
    opens_files = any(module.path == files.MODULE for module in modules)
    data = files.all_of(application) if opens_files else []
    more = references(modules) + f'\nconst char board_name[] = "{board.name}";\n'
    more += files.content(data, folder) if data else ""
    content = freeze.freeze(modules, *tools, qstrings, folder, more)
    text = manifest.assembly(application.devices, f"{application.name}/unikernel.toml")
    note = steps.write_if_changed(folder / "manifest.S", text)
    image = Image(image_path(application.key, board.name), tuple(modules), tuple(data))
    inputs = [*machine(board), f"FROZEN={content}", f"MANIFEST={note}"]
    if not any(device.kind is Kind.BLOCK for device in application.devices):
        inputs.append("FAT=0")
    LINKERS[board.linker].link(application, board, image.path, inputs)
    return image


def link_with_port(application: Unikernel, _board: Board, path: Path, inputs: list[str]) -> None:
    make_port(f"image {application.name}", *inputs, f"IMAGE={path}", "image")


def link_with_unikraft(application: Unikernel, board: Board, path: Path, inputs: list[str]) -> None:
    """Link an image: the port makes a library, Unikraft's build links it."""
    library = path.with_suffix(".a")
    make_port(f"image {application.name}", *inputs, f"IMAGE={library}", "archive")
    nets = sum(device.kind is Kind.NET for device in application.devices)
    unikraft.link(board, library, path, nets)


@dataclass(frozen=True)
class Linker:
    """How images are linked; `check` raises a HostError where that is impossible."""

    link: Callable[[Unikernel, Board, Path, list[str]], None]
    check: Callable[[], None] = lambda: None


LINKERS = {"port": Linker(link_with_port), "unikraft": Linker(link_with_unikraft, unikraft.check)}


def check_devices(application: Unikernel, board: Board) -> None:
    """Check that the board's port has drivers for the application's devices."""
    for device in application.devices:
        if device.kind not in board.devices:
            raise HostError(
                f"{shown(application.folder / 'unikernel.toml')}: {device.kind.value} {device.name}: "
                f"board {board.name} has no {device.kind.value} devices"
            )


@contextmanager
def whole(image: Path) -> Iterator[None]:
    """Remove the image when its build fails, so that an old image is not mistaken for a new one."""
    current.mark_path(image).unlink(missing_ok=True)
    try:
        yield
    except BaseException:
        image.unlink(missing_ok=True)
        raise


def build(
    name: str | Path, board_name: str = boards.DEFAULT, strict: bool = False, sources_too: bool = False
) -> Image:
    """Build one image; the same inputs give the same bytes. `strict`: every import must be satisfied;
    `sources_too`: include the application's source unless its unikernel.toml says otherwise."""
    application, board = unikernel.load(name), boards.load(board_name)
    check_devices(application, board)
    LINKERS[board.linker].check()
    made_of = current.sources(application)
    sources_too = sources_too if application.sources is None else application.sources
    with whole(image_path(application.key, board.name)):
        micropython.mpy_cross()
        with steps.lock():
            build_library(board)
            modules, missing = frozen(application)
            for warning in imports.check(missing, strict):
                say(warning)
            modules += written(application, board, modules, sources_too)
            image = link(application, board, modules)
        elf.check(elf.load(image.path), application.devices, shown(image.path), board.target)
        current.write(image.path, Mark(made_of, contents(image), sources_too, len(missing)))
    return image


def describe(image: Image) -> str:
    """Return the size and contents of an image, for people."""
    return f"{shown(image.path)}: {contents(image)}"


def contents(image: Image) -> str:
    size = image.path.stat().st_size
    names = " ".join(module.path.removesuffix(".py") for module in image.modules)
    data = "".join(f"\n/{each.path}: {each.source.stat().st_size} bytes" for each in image.files)
    return f"{size} bytes ({size / 1024:.0f} KiB)\nfrozen: {names}{data}"
