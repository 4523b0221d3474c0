"""Tables of Unicode for the module unicodedata (stack/std/unicodedata.py), from the Python that runs the
build: as runs of code points and as sorted records, which are searched in place."""

import ast
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path

from host.build.modules import KEPT, Module, is_ours, parse
from host.build.steps import digest, write_if_changed
from host.build.zones import texts

USER = "unicodedata.py"
TABLES = "_unicode_tables.py"
NAMES = "_unicode_names.py"  # only if a program uses names: they are large
NAMED = {"name", "lookup"}
PARSER = "re/_parser.py"  # looks up named characters of a pattern
NAMED_CHARACTER = r"\N{"
# The planes 4 to 13 are empty and the last two are for private use.
POINTS = (*range(0x40000), *range(0xE0000, 0xE1000), 0xF0000, 0xFFFFE, 0x100000, 0x10FFFE)
HANGUL = range(0xAC00, 0xD7A4)


def three(number: int) -> bytes:
    return number.to_bytes(3, "big")


def runs(value: Callable[[str], object]) -> tuple[list[object], bytes, bytes]:
    """Return the distinct values, the first code point of each run and the index of its value."""
    values: dict[object, int] = {}
    starts, indices, last = bytearray(), bytearray(), -1
    for point in POINTS:
        index = values.setdefault(value(chr(point)), len(values))
        if index != last:
            starts += three(point)
            indices.append(index)
            last = index
    return list(values), bytes(starts), bytes(indices)


def numbers() -> list[tuple[int, int, str, int, int]]:
    """Return runs of consecutive numbers: first and last code point, first value, whether there are more,
    kind (1 numeric, 2 digit, 3 decimal)."""
    found: list[tuple[int, int, str, int, int]] = []
    for point in POINTS:
        letter = chr(point)
        value = unicodedata.numeric(letter, None)
        if value is None:
            continue
        exact = Fraction(value).limit_denominator(1000)
        kinds = (unicodedata.digit(letter, None), unicodedata.decimal(letter, None))
        kind = 1 + sum(each is not None for each in kinds)
        if found:
            first, last, start, step, of = found[-1]
            count = point - first
            if last == point - 1 and of == kind and Fraction(start) + count == exact and (step or count == 1):
                found[-1] = (first, point, start, 1, of)
                continue
        found.append((point, point, str(exact), 0, kind))
    return found


def decompositions() -> Iterator[tuple[int, str]]:
    for point in POINTS:
        text = unicodedata.decomposition(chr(point))
        if text and point not in HANGUL:
            yield point, text


def compositions() -> Iterator[tuple[int, int, int]]:
    """Yield first, second and their composition."""
    for point, text in decompositions():
        parts = text.split()
        if len(parts) == 2 and not text.startswith("<"):
            first, second = (int(part, 16) for part in parts)
            if unicodedata.normalize("NFC", chr(first) + chr(second)) == chr(point):
                yield first, second, point


def records(pairs: Iterable[tuple[bytes, bytes]]) -> tuple[bytes, bytes, bytes]:
    """Return the keys, the end of each one's text, and the texts."""
    keys, ends, texts = bytearray(), bytearray(), bytearray()
    for key, text in sorted(pairs):
        keys += key
        texts += text
        ends += three(len(texts))
    return bytes(keys), bytes(ends), bytes(texts)


def short(text: str) -> bytes:
    """Return a decomposition as its tag and the characters."""
    parts = text.split()
    tag = parts.pop(0) if text.startswith("<") else ""
    return (tag + "".join(chr(int(part, 16)) for part in parts)).encode()


def tables() -> str:
    lines = [f"VERSION = {unicodedata.unidata_version!r}"]
    for name in ("category", "bidirectional", "combining", "east_asian_width", "mirrored"):
        lines.append(f"{name.upper()} = {runs(getattr(unicodedata, name))!r}")
    lines.append(f"NUMBERS = {[(first, last, start, kind) for first, last, start, _, kind in numbers()]!r}")
    pairs = ((three(point), short(text)) for point, text in decompositions())
    lines.append(f"DECOMPOSITIONS = {records(pairs)!r}")
    pieces = sorted(three(first) + three(second) + three(made) for first, second, made in compositions())
    lines.append(f"COMPOSITIONS = {b''.join(pieces)!r}")
    return "\n".join(lines) + "\n"


def numbered(point: int, name: str) -> str:
    """Return the prefix before the code point in a name that ends with it, or nothing."""
    number = f"-{point:X}"
    return name.removesuffix(number[1:]) if name.endswith(number) else ""


def names() -> str:
    """Write each name as numbers of its words, two bytes each; names that end with their code point are
    separate."""
    words: dict[str, int] = {}
    pairs = []
    rows: list[tuple[int, int, str]] = []
    for point in POINTS:
        name = unicodedata.name(chr(point), "")
        prefix = numbered(point, name)
        if prefix and rows and rows[-1][1:] == (point, prefix):
            rows[-1] = (rows[-1][0], point + 1, prefix)
        elif prefix:
            rows.append((point, point + 1, prefix))
        elif name and point not in HANGUL:
            spelled = [words.setdefault(word, len(words)) for word in name.split(" ")]
            pairs.append((three(point), b"".join(number.to_bytes(2, "big") for number in spelled)))
    _, ends, texts = records((number.to_bytes(3, "big"), word.encode()) for word, number in words.items())
    return f"NUMBERED = {rows!r}\nWORDS = {(ends, texts)!r}\nNAMES = {records(pairs)!r}\n"


def kept(name: str, make: Callable[[], str]) -> Module:
    """Return the generated module, made once for each Python."""
    key = digest([unicodedata.unidata_version, __doc__ or "", name])[:16]
    path = KEPT / f"{key}-{name}"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_if_changed(path, make())
    return Module(name, path)


def asks_for_names(path: Path) -> bool:
    """Whether a module calls unicodedata.name() or lookup()."""
    for node in ast.walk(parse(path)):
        if (
            isinstance(node, ast.Attribute)
            and ast.unparse(node.value) == "unicodedata"
            and node.attr in NAMED
        ):
            return True
        if isinstance(node, ast.ImportFrom) and node.module == "unicodedata":
            if NAMED & {each.name for each in node.names}:
                return True
    return False


def has_named_characters(modules: Iterable[Module]) -> bool:
    r"""Whether a text of the application, a pattern perhaps, has \N{...}."""
    own = (each.source for each in modules if not is_ours(each.source))
    return any(NAMED_CHARACTER in text for source in own for text in texts(source))


def needed(reached: Mapping[str, Module], known: Mapping[str, Module]) -> list[Module]:
    """Return unicodedata if a pattern needs it."""
    return [known[USER]] if PARSER in reached and has_named_characters(reached.values()) else []


def made(reached: Iterable[Module]) -> list[Module]:
    """Return the tables that an image needs."""
    modules = {module.path: module for module in reached}
    if USER not in modules:
        return []
    others = [module for path, module in modules.items() if path not in (USER, PARSER)]
    with_names = needed(modules, modules) or any(asks_for_names(module.source) for module in others)
    found = [kept(TABLES, tables)]
    return [*found, kept(NAMES, names)] if with_names else found
