"""The command `pymnet`: tasks of tasks.py, for a folder or a file anywhere. In the installed package this is
pymnet/__init__.py, with host/, stack/, port/ and boards/ beside it (pyproject.toml, docs/adr/0029)."""

import sys
from collections.abc import Sequence
from pathlib import Path

VERSION = "0.1.0"
OF_A_PATH = ("build", "run", "inspect")  # without a path they are for the folder in which they are called
COMMANDS = ("new", *OF_A_PATH, "doctor", "clean")


def with_path(words: Sequence[str], takes_value: dict[str, bool]) -> list[str]:
    """Return a command's words with its path first: "." if there is none. `takes_value` is of its flags."""
    rest = list(words[1:])
    place = 0
    while place < len(rest):
        word = rest[place]
        if not word.startswith("-"):
            path = rest.pop(place)
            return [words[0], as_path(path), *rest]
        place += 2 if takes_value.get(word) else 1
    return [words[0], "." + "/", *rest]


def as_path(word: str) -> str:
    """Return a word that is a path with a slash: `invoke` tells names of unikernels and paths by it."""
    return word if "/" in word or not Path(word).exists() else f"./{word}"


def main() -> int:
    here = str(Path(__file__).resolve().parent)
    sys.path.insert(0, here if (Path(here) / "tasks.py").exists() else str(Path(here).parent))
    from invoke.collection import Collection
    from invoke.parser.context import to_flag
    from invoke.program import Program

    import tasks

    collection = Collection(*(getattr(tasks, name) for name in COMMANDS))
    words = sys.argv[1:]
    if words and words[0] in OF_A_PATH and not {"-h", "--help"} & set(words):
        context = next(each for each in collection.to_contexts() if each.name == words[0])
        flags = context.args.values()  # iterating over context.flags leaves out the short ones
        takes_value = {to_flag(name): flag.takes_value for flag in flags for name in flag.names}
        words = with_path(words, takes_value)
    program = Program(name="pymnet", binary="pymnet", version=VERSION, namespace=collection)
    program.run(["pymnet", *words])
    return 0


if __name__ == "__main__":
    sys.exit(main())
