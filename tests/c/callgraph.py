"""The call graph of the interpreter, from gcc's output: which function calls which, how much stack each uses,
and where it calls through a pointer.

A call through a pointer may reach every function whose address is taken and whose type is the pointer's;
types are read from gcc's own dump (gimple)."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from elftools.elf.elffile import ELFFile
from elftools.elf.sections import Section, SymbolTableSection

FLAGS = "-fcallgraph-info=su,da -fdump-tree-gimple-lineno"

NODE = re.compile(r'node: \{ title: "([^"]+)" label: "[^"]*?(\d+) bytes \((\w+)')
EDGE = re.compile(r'edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"(?: label: "([^"]*)")?')
LOCATION = re.compile(r"\[([\w/.][^\]\s]*?:\d+:\d+)\]\s*")
STAR = r"\(\*(?:<\w+>|\w+)?\)"  # of a pointer to a function
DEFINITION = re.compile(r"^(\S.*?)\b(\w+) \((.*)\)$")
POINTER = re.compile(rf"^(.*?) ?{STAR} ?\((.*)\)$")
DECLARED = re.compile(rf"^(.*{STAR} ?\(.*\)) (\w[\w.]*);$")
CAST = re.compile(rf"^(\w[\w.]*) = \((.*{STAR} ?\(.*?\))\) .*;$")
FIELD = re.compile(r"^(\w[\w.]*) = [^()]*(?:->|\.)(\w+)(?:\.?\[\w+\])*;$")
NAMED = re.compile(r"^(?:const )?(?:struct )?(\w+) (\w+);?$")
RETURNED = re.compile(r"^(\w[\w.]*) = (\w+) \(.*\);$")
CALL = re.compile(r"^(?:.* = )?(\w[\w.]*) \((.*)\);")
TYPEDEF = re.compile(r"typedef\s+([\w \*]+?)\s*\(\*\s*(\w+)\)\s*\(([^;]*?)\);")
MEMBER = re.compile(r"^\s+([\w \*]+?)\s*\(\*\s*(\w+)\)\s*\(([^;]*?)\);", re.MULTILINE)
MEMBER_NAMED = re.compile(r"^\s+(?:const\s+)?(\w+)\s+(\w+);", re.MULTILINE)
RETURNS_POINTER = {"type_get_iternext": "mp_fun_1_t"}

# R_X86_64_PC32 and PLT32, of calls and jumps, are not the taking of an address.
RELATIVE = (2, 4)

Signature = tuple[str, ...]  # result, then parameters
WORDS = r"\b(mp_int_t|mp_uint_t|size_t|qstr|long|intptr_t|uintptr_t)\b"
SAME = {"mp_obj_t": "void*", "mp_const_obj_t": "void*", "mp_rom_obj_t": "void*", "byte": "unsignedchar"}


def name_of(node: str) -> str:
    """Return the function's name: static ones have their file, and the suffix of the optimiser."""
    return node.rsplit(":", 1)[-1].split(".")[0]


def parts(text: str) -> list[str]:
    """Split at commas, except within brackets."""
    found, depth, last = [], 0, ""
    for letter in text:
        depth += (letter in "(<") - (letter in ")>")
        if letter == "," and not depth:
            found.append(last.strip())
            last = ""
        else:
            last += letter
    return [*found, last.strip()] if last.strip() else found


def plain(kind: str) -> str:
    """Return a type without the parts that do not matter to a call."""
    if "(*" in kind:
        return "function"
    kind = re.sub(r"\b(const|struct|enum|union|volatile|restrict)\b", " ", kind)
    kind = re.sub(r"\s+", "", re.sub(WORDS, "word", kind))
    stars = len(kind) - len(kind.rstrip("*"))
    base = kind[: len(kind) - stars]
    return SAME.get(base, base) + "*" * stars


def signature(result: str, parameters: list[str]) -> Signature:
    return (plain(result), *(plain(each) for each in parameters if each != "void"))


def unnamed(parameter: str) -> str:
    """Return the type of a parameter that may have a name."""
    if "(*" in parameter:
        return parameter
    match = re.match(r"^(.*[\s*])(\w+)(\[.*\])?$", parameter)
    if not match or match[1].split()[-1] in ("const", "struct", "enum", "unsigned"):
        return parameter
    if re.fullmatch(r"int|long|char|short|unsigned|bool|double|float", match[2]):
        return parameter
    return match[1] + ("*" if match[3] else "")


@dataclass
class Headers:
    """Return pointers to functions as the sources declare them: named types, and members of structures."""

    types: dict[str, Signature] = field(default_factory=dict)
    members: dict[str, set[Signature]] = field(default_factory=lambda: defaultdict(set))

    def read(self, folders: list[Path]) -> None:
        texts = [path.read_text(errors="replace") for folder in folders for path in folder.rglob("*.[ch]")]
        for text in texts:
            for match in TYPEDEF.finditer(text):
                self.types[match[2]] = signature(match[1], [unnamed(each) for each in parts(match[3])])
        for text in texts:
            for match in MEMBER.finditer(text):
                self.members[match[2]].add(signature(match[1], [unnamed(each) for each in parts(match[3])]))
            for match in MEMBER_NAMED.finditer(text):
                if match[1] in self.types:
                    self.members[match[2]].add(self.types[match[1]])


@dataclass
class Dumps:
    """The contents of the gimple dumps: the type of every function, and the callee at each call."""

    headers: Headers
    functions: dict[str, set[Signature]] = field(default_factory=lambda: defaultdict(set))
    called: dict[str, set[Signature]] = field(default_factory=lambda: defaultdict(set))
    unknown: set[str] = field(default_factory=set)

    def read(self, dump: Path) -> None:
        lines = dump.read_text().splitlines()
        types: dict[str, set[Signature]] = {}
        for line, after in zip(lines, [*lines[1:], ""], strict=True):
            if line[:1] not in ("", " ", "[", "{", "}", "<", ";"):
                match = DEFINITION.match(line)
                if match and after[:1] in ("[", "{"):
                    types = self.function(match)
            else:
                self.statement(line, types)

    def function(self, match: re.Match[str]) -> dict[str, set[Signature]]:
        """Return the types of the parameters that are pointers to functions."""
        parameters, types = parts(match[3]), {}
        self.functions[match[2]].add(signature(match[1], [unnamed(each) for each in parameters]))
        for each in parameters:
            pointer = DECLARED.match(f"{each};")
            if pointer:
                types[pointer[2]] = self.pointed(pointer[1])
            elif (named := NAMED.match(each)) and named[1] in self.headers.types:
                types[named[2]] = {self.headers.types[named[1]]}
        return types

    def pointed(self, text: str) -> set[Signature]:
        match = POINTER.match(text)
        return {signature(match[1], parts(match[2]))} if match else set()

    def statement(self, line: str, types: dict[str, set[Signature]]) -> None:
        text = LOCATION.sub("", line).strip()
        if " = " not in text and (match := DECLARED.match(text)):
            types[match[2]] = self.pointed(match[1])
        elif match := CAST.match(text):
            types[match[1]] = self.pointed(match[2])
        elif (match := NAMED.match(text)) and match[1] in self.headers.types:
            types[match[2]] = {self.headers.types[match[1]]}
        elif (match := FIELD.match(text)) and match[2] in self.headers.members:
            types[match[1]] = self.headers.members[match[2]]
        elif (match := RETURNED.match(text)) and match[2] in RETURNS_POINTER:
            types[match[1]] = {self.headers.types[RETURNS_POINTER[match[2]]]}
        elif (match := CALL.match(text)) and match[1] not in ("if", "return", "switch"):
            for place in LOCATION.findall(line)[:2]:
                if match[1] in types:
                    self.called[place] |= types[match[1]]
                else:
                    self.unknown.add(place)


def addresses_taken(file: Path) -> Iterator[str]:
    """Return names of functions that an object file uses other than by calling them."""
    with file.open("rb") as stream:
        elf = ELFFile(stream)
        symbols = elf.get_section_by_name(".symtab")
        assert isinstance(symbols, SymbolTableSection)
        functions = {
            (each["st_shndx"], each["st_value"]): each.name
            for each in symbols.iter_symbols()
            if each["st_info"]["type"] == "STT_FUNC"
        }
        for section in elf.iter_sections():
            if section["sh_type"] == "SHT_RELA" and not section.name.startswith((".rela.debug", ".rela.eh")):
                yield from taken_in(section, elf.get_section(section["sh_info"]), symbols, functions)


def taken_in(
    section: Section, target: Section, symbols: SymbolTableSection, functions: dict[tuple[int, int], str]
) -> Iterator[str]:
    code = target.data() if target.name.startswith(".text") else b""
    for each in section.iter_relocations():
        symbol, relative = symbols.get_symbol(each["r_info_sym"]), each["r_info_type"] in RELATIVE
        if code and relative:
            before = (bytes(2) + code)[each["r_offset"] : each["r_offset"] + 2]
            if before[1] in (0xE8, 0xE9) or (before[0] == 0x0F and before[1] & 0xF0 == 0x80):
                continue
        if symbol["st_info"]["type"] == "STT_SECTION":
            offset = each["r_addend"] + (4 if relative else 0)
            name = functions.get((symbol["st_shndx"], offset))
        else:
            name = symbol.name
        if name:
            yield name


@dataclass
class Graph:
    """Nodes are gcc's: a name, or file and name for static functions."""

    stack: dict[str, int]  # bytes of each function's frame, its return address included
    dynamic: set[str]  # those with alloca()
    calls: dict[str, set[str]]
    unknown: set[str]  # places of calls through pointers of which no type is known


def read(build: Path, sources: list[Path]) -> Graph:
    """The graph of a folder of object files that were compiled with FLAGS."""
    stack, dynamic = {}, set()
    direct: dict[str, set[str]] = defaultdict(set)
    through: dict[str, set[str]] = defaultdict(set)
    taken: set[str] = set()
    headers = Headers()
    headers.read(sources)
    dumps = Dumps(headers)
    for info in sorted(build.rglob("*.ci")):
        for line in info.read_text().splitlines():
            if match := NODE.match(line):
                stack[match[1]] = int(match[2]) + 8
                dynamic |= {match[1]} if match[3] != "static" else set()
            elif (match := EDGE.match(line)) and match[2] == "__indirect_call":
                through[match[1]].add(match[3])
            elif match:
                direct[match[1]].add(match[2])
        if info.with_suffix(".o").exists():
            taken |= set(addresses_taken(info.with_suffix(".o")))
    for dump in sorted(build.rglob("*.gimple")):
        dumps.read(dump)
    nodes: dict[str, set[str]] = defaultdict(set)
    for node in stack:
        nodes[node.rsplit(":", 1)[-1]].add(node)
    by_type: dict[Signature, set[str]] = defaultdict(set)
    for name in taken:
        for each in dumps.functions.get(name, ()):
            by_type[each] |= nodes[name]
    calls: dict[str, set[str]] = defaultdict(set)
    for node, names in direct.items():
        for name in names:
            calls[node] |= {name} if name in stack else nodes[name.rsplit(":", 1)[-1]]
    unknown = set()
    for node, places in through.items():
        for place in places:
            if place not in dumps.called:
                unknown.add(place)
            for each in dumps.called.get(place, ()):
                calls[node] |= by_type[each]
    return Graph(stack, dynamic, calls, unknown)


def cycles(nodes: set[str], calls: dict[str, set[str]]) -> list[set[str]]:
    """Return the strongly connected components with a cycle, by Tarjan's algorithm."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []
    on_path: set[str] = set()
    found = []
    for start in sorted(nodes):
        if start in index:
            continue
        work = [(start, iter(sorted(calls[start] & nodes)))]
        index[start] = low[start] = len(index)
        path.append(start)
        on_path.add(start)
        while work:
            node, following = work[-1]
            fresh = next((each for each in following if each not in index or each in on_path), None)
            if fresh is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    component = set(path[path.index(node) :])
                    del path[path.index(node) :]
                    on_path -= component
                    if len(component) > 1 or node in calls[node]:
                        found.append(component)
            elif fresh in index:
                low[node] = min(low[node], index[fresh])
            else:
                index[fresh] = low[fresh] = len(index)
                path.append(fresh)
                on_path.add(fresh)
                work.append((fresh, iter(sorted(calls[fresh] & nodes))))
    return found
