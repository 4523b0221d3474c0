# re_cases.py - what becomes of regular expressions, a line each: the same text on CPython and on the unix
# build, where the first arguments are folders to import from. The last one is a file of
# [pattern, flags, subject, template].
# ruff: noqa: UP031

import json
import sys

with open(sys.argv[-1]) as file:  # before open() is that of an image, which has no file of this machine
    CASES = file.read()

if sys.implementation.name == "micropython":
    sys.path[:] = sys.argv[1:-1] + [".frozen"]
    import _boot

    _boot.install_builtins()

import re


def shown(text):
    return "None" if text is None else "-".join([str(ord(letter)) for letter in text])


def groups(match):
    if match is None:
        return "no match"
    spans = [str(match.span(i)) for i in range(match.re.groups + 1)]
    return "%s %s %s" % (" ".join(spans), match.lastindex, ",".join([shown(text) for text in match.groups()]))


def outcome(pattern, flags, subject, template):
    try:
        compiled = re.compile(pattern, flags)
    except re.error as error:
        return "error %s" % error.pos
    except (OverflowError, RecursionError):
        return "error"
    lines = [str(compiled.groups), str(sorted(compiled.groupindex.items()))]
    lines += [groups(each(subject)) for each in (compiled.match, compiled.fullmatch, compiled.search)]
    lines += [groups(compiled.search(subject, 1, 4)), groups(compiled.match(subject, 2))]
    lines += [groups(match) for match in compiled.finditer(subject)]
    lines.append("|".join([str(each) for each in compiled.split(subject, 2)]))
    lines.append(str(len(compiled.findall(subject))))
    try:
        lines.append(shown(compiled.sub(template, subject)))
    except (re.error, IndexError) as error:
        lines.append(type(error).__name__)
    return "; ".join([line.replace("\n", "\\n") for line in lines])


def main():
    for case in json.loads(CASES):
        try:
            text = outcome(*case)
        except RuntimeError as error:
            text = "stopped: %s" % error
        print("".join([letter if " " <= letter <= "~" else "<%x>" % ord(letter) for letter in text]))


main()
