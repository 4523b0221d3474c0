# linecache - the lines of files, and of the application's sources where the image has them.

__all__ = ["checkcache", "clearcache", "getline", "lazycache"]

cache = {}


def getline(filename, lineno, module_globals=None):
    """Return the line with its newline; "" if there is none."""
    lines = getlines(filename, module_globals)
    return lines[lineno - 1] if 1 <= lineno <= len(lines) else ""


def getlines(filename, module_globals=None):
    if filename in cache:
        return cache[filename][2]
    return updatecache(filename, module_globals)


def updatecache(filename, module_globals=None):
    """Read the file again."""
    cache.pop(filename, None)
    if not filename or filename[0] == "<":
        return []
    lines = _lines(filename)
    if not lines:
        return []
    cache[filename] = (sum([len(each) for each in lines]), None, lines, filename)
    return lines


def _lines(filename):
    try:
        return __import__(_SOURCES).SOURCES[filename].splitlines(True)
    except (ImportError, KeyError):
        pass
    try:
        with open(filename) as file:
            return file.readlines()
    except (OSError, ValueError):
        return []


_SOURCES = "_sources"  # the application's sources, if unikernel.toml wants them in the image


def clearcache():
    cache.clear()


def checkcache(filename=None):
    """Forget what may have changed."""
    if filename is None:
        cache.clear()
    else:
        cache.pop(filename, None)


def lazycache(filename, module_globals):
    return False
