"""What an image says of itself where packages ask: the markers of PEP 508 (`; sys_platform == "win32"`)
and the tags of wheels. tests/guest compares it with what a program finds."""

GUEST = {
    "implementation_name": "micropython",
    "implementation_version": "1.25.0",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "MicroPython",
    "platform_release": "",
    "platform_system": "pymnet",
    "platform_version": "",
    "python_full_version": "3.11.2",
    "python_version": "3.11",
    "sys_platform": "unikernel",
}
PYTHON = (3, 11)
NEWEST_GLIBC = 45  # 2.45; wheels for it are read for the Python files beside their compiled code


def tags() -> list[tuple[str, str, str]]:
    """Return the interpreter, ABI and platform of usable wheels, the best first: pure Python, then those of
    CPython for Linux, whose Python files often do without the compiled ones."""
    pure = [f"py{PYTHON[0]}{PYTHON[1]}", f"py{PYTHON[0]}"]
    pure += [f"py{PYTHON[0]}{minor}" for minor in range(PYTHON[1] - 1, -1, -1)]
    platforms = [f"manylinux_2_{minor}_x86_64" for minor in range(NEWEST_GLIBC, 4, -1)]
    platforms += ["manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64", "linux_x86_64"]
    own = f"cp{PYTHON[0]}{PYTHON[1]}"
    stable = [f"cp{PYTHON[0]}{minor}" for minor in range(PYTHON[1], 1, -1)]
    found = [(each, "none", "any") for each in (own, *pure)]
    found += [(own, own, platform) for platform in platforms]
    found += [(each, "abi3", platform) for each in stable for platform in platforms]
    return found + [(each, "none", platform) for each in (own, *pure) for platform in platforms]
