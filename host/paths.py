"""Paths. Standard library only: bootstrap.py uses it before there is a virtual environment."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
VENV = ROOT / ".venv"
PORT = ROOT / "port"
STACK = ROOT / "stack"
BOARDS = ROOT / "boards"
UNIKERNELS = ROOT / "unikernels"


def cache() -> Path:
    """Return the user's folder of downloads (XDG base directories), shared by all clones."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pymnet"


def shown(path: Path) -> str:
    """Return a path for messages: relative if that is shorter."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
