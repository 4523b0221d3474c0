import fileinput
import os
import tempfile

with tempfile.TemporaryDirectory() as d:
    path = os.path.join(d, "t")
    with open(path, "w", encoding="utf-8") as f:
        assert (
            f.write("é\nb\n") == 4 and f.writable() and not f.readable() and f.name == path and f.mode == "w"
        )
    with open(path, "rb") as f:
        assert f.read() == b"\xc3\xa9\nb\n" and f.closed is False
    assert f.closed
    try:
        f.read()
    except ValueError:
        pass
    else:
        raise AssertionError("a closed file was read")

    path = os.path.join(d, "x")
    with open(path, "x") as f:
        f.writelines(["a\n", "b\n", "c"])
    try:
        open(path, "x")
    except FileExistsError as e:
        assert e.errno == 17
    else:
        raise AssertionError("made again")
    with open(path) as f:
        assert f.readline() == "a\n" and list(f) == ["b\n", "c"] and f.read() == ""
    with open(path) as f:
        assert f.readlines() == ["a\n", "b\n", "c"]
        f.seek(0)
        assert f.read(3) == "a\nb" and f.read() == "\nc"

    path = os.path.join(d, "n")
    with open(path, "w", newline="\r\n") as f:
        f.write("a\nb\n")
    with open(path, "rb") as f:
        assert f.read() == b"a\r\nb\r\n"
    with open(path) as f:
        assert f.read() == "a\nb\n" and f.newlines == "\r\n"
    with open(path, newline="") as f:
        assert f.read() == "a\r\nb\r\n"

    for name, text in (("1", "1\n2\n"), ("2", "3\n")):
        with open(os.path.join(d, name), "w") as f:
            f.write(text)
    with fileinput.input([os.path.join(d, "1"), os.path.join(d, "2")]) as f:
        assert [(line, f.filelineno(), f.lineno()) for line in f] == [
            ("1\n", 1, 1),
            ("2\n", 2, 2),
            ("3\n", 1, 3),
        ]
