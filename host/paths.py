"""Paths. Standard library only: bootstrap.py uses it before there is a virtual environment."""

import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IS_CHECKOUT = (ROOT / "Makefile").is_file()  # else installed by pip: host/pymnet.py
VENV = ROOT / ".venv"
PORT = ROOT / "port"
STACK = ROOT / "stack"
BOARDS = ROOT / "boards"
UNIKERNELS = ROOT / "unikernels"


def cache() -> Path:
    """Return the user's folder of downloads (XDG base directories), shared by all clones."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pymnet"


def build_folder() -> Path:
    """Return the folder of everything that is built: of a checkout its own, of an installed pymnet one in the
    user's cache."""
    if IS_CHECKOUT:
        return ROOT / "build"
    return cache() / f"build-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}"


BUILD = build_folder()


def shown(path: Path) -> str:
    """Return a path for messages: relative if that is shorter."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
