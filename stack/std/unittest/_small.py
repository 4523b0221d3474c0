# unittest._small - what CPython's unittest takes from large modules (difflib, fnmatch, os.path).


def ndiff(a, b):
    """Yield the lines that only `a` has, with "- ", and those that only `b` has, with "+ "."""
    a, b = list(a), list(b)
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        yield "  " + a[start]
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    for line in a[start : len(a) - end]:
        yield "- " + line
    for line in b[start : len(b) - end]:
        yield "+ " + line
    for line in a[len(a) - end :]:
        yield "  " + line


def fnmatchcase(name, pattern):
    """Whether the name matches the pattern, in which * is any text."""
    first, *rest = pattern.split("*")
    if not rest:
        return name == pattern
    if not name.startswith(first):
        return False
    at = len(first)
    for part in rest[:-1]:
        at = name.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return len(name) - at >= len(rest[-1]) and name.endswith(rest[-1])


def commonprefix(names):
    """Return the longest text with which all names start."""
    low, high = min(names), max(names)
    for index, letter in enumerate(low):
        if letter != high[index]:
            return low[:index]
    return low
