"""`pymnet new`: the first files of an application. The program runs on CPython, too."""

from pathlib import Path

from host.errors import HostError, os_errors
from host.paths import shown

MAIN = '''\
"""Serve the folder static/ by HTTP. In an image on port 80; on CPython: PORT=8080 python3 main.py"""

import os
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

PORT = int(os.environ.get("PORT", "80"))

if __name__ == "__main__":
    server = ThreadingHTTPServer(("", PORT), partial(SimpleHTTPRequestHandler, directory="static"))
    print("listening on port", PORT, flush=True)
    server.serve_forever()
'''

SETTINGS = """\
[image]
memory = 32  # MiB
files = ["static/**"]

[[net]]
name = "service"
"""

PAGE = """\
<!doctype html>
<title>{name}</title>
<h1>{name} works</h1>
"""

FILES = {"main.py": MAIN, "unikernel.toml": SETTINGS, "static/index.html": PAGE, ".gitignore": "build/\n"}


def begin(folder: Path) -> str:
    """Write the files into a new or empty folder. Returns what to do next. Nothing is overwritten."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise HostError(f"{shown(folder)} exists already and is not empty")
    name = folder.resolve().name
    if not name.isprintable() or not name:
        raise HostError(f"{str(folder)!r} is no name for an application")
    with os_errors(f"cannot make {shown(folder)}"):
        for path, text in FILES.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text.replace("{name}", name))
    names = "main.py, unikernel.toml, static/index.html"
    return f"{shown(folder)}: {names}\nnext: cd {folder} && pymnet run -p 8080:80"
