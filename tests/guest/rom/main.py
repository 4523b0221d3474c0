# rom - a program that reads files beside it, and tries to change them. It prints the same on CPython.

import glob
import os
import pkgutil
import shutil
from importlib import resources
from pathlib import Path

import package

HERE = Path(__file__).parent


def refused(fun, *args):
    try:
        fun(*args)
    except OSError as error:
        print(fun.__name__, type(error).__name__, error.errno, error.strerror, error.filename)
    else:
        print(fun.__name__, "was allowed")


def reads():
    print(open("static/index.html").read(), open("static/empty", "rb").read())
    print((HERE / "static" / "css" / "a.css").read_text(), len((HERE / "large.bin").read_bytes()))
    print(os.path.isabs(__file__), os.path.isabs(package.__file__))
    print((Path(package.__file__).parent / "data" / "words.txt").read_text().split())
    print((resources.files(package) / "data" / "words.txt").read_text())
    print(resources.files("package").joinpath("data", "words.txt").read_bytes())
    print(pkgutil.get_data("package", "data/words.txt"))
    with open("static/index.html", "rb") as file:
        print(file.read(3), file.seek(-4, os.SEEK_END), file.readline(), file.read(), file.tell())
    with open("static/index.html", encoding="utf-8") as file:
        print(list(file))
    with open("large.bin", "rb") as file:
        print(sum(len(piece) for piece in iter(lambda: file.read(1000), b"")))


def looks():
    print(sorted(os.listdir("static")), sorted(each.name for each in Path("static").iterdir()))
    print(sorted(glob.glob("static/**/*", recursive=True)), sorted(map(str, Path("static").rglob("*.css"))))
    print([(folder, sorted(folders), sorted(files)) for folder, folders, files in os.walk("static")])
    found = os.stat("static/index.html")
    print(found.st_size, os.path.getsize("large.bin"), os.path.isdir("static"), os.path.isfile("static/css"))
    print(found.st_ino != os.stat("static/empty").st_ino, found.st_mtime > 0, os.path.exists("static/none"))
    print(os.access("static/index.html", os.R_OK), os.access("static/index.html", os.W_OK))
    print(os.statvfs("static").f_flag & os.ST_RDONLY)
    shutil.copytree("static", "/tmp/copy of static")
    print(sorted(os.listdir("/tmp/copy of static/css")))
    shutil.rmtree("/tmp/copy of static")
    os.chdir("static/css")
    print(open("../index.html").read() == (HERE / "static" / "index.html").read_text())
    os.chdir(HERE)


def writes():
    refused(open, "static/index.html", "w")
    refused(open, "static/index.html", "r+b")
    refused(open, "static/new", "x")
    refused(open, "static", "w")
    refused(open, "static/none")
    refused(os.remove, "static/index.html")
    refused(os.mkdir, "static/new")
    refused(os.rmdir, "static/css")
    refused(os.rename, "static/index.html", "static/new")
    refused(os.chmod, "static/index.html", 0o777)
    refused(os.utime, "static/index.html", (1, 1))
    refused(os.truncate, "static/index.html", 0)
    refused(Path("static/index.html").unlink)
    refused(Path("static/index.html").write_text, "x")


reads()
looks()
writes()
