# _string - the parser of format strings for string.Formatter, which CPython has in C.


def formatter_parser(text):
    """Yield (literal, field, spec, conversion) of a format string; field is None behind the last literal."""
    if not isinstance(text, str):
        raise TypeError("expected str, got " + type(text).__name__)
    at = 0
    while at < len(text):
        literal, at, opens = _literal(text, at)
        if not opens:
            yield literal, None, None, None
        else:
            field, spec, conversion, at = _field(text, at)
            yield literal, field, spec, conversion


def _literal(text, at):
    """Up to a field or a doubled brace: the text, where to go on, and whether a field begins there."""
    start = at
    while at < len(text):
        letter = text[at]
        at += 1
        if letter in "{}":
            if text[at : at + 1] == letter:
                return text[start:at], at + 1, False
            if letter == "}":
                raise ValueError("Single '}' encountered in format string")
            if at == len(text):
                raise ValueError("Single '{' encountered in format string")
            return text[start : at - 1], at, True
    return text[start:], at, False


def _field(text, at):
    """The name, the specification and the conversion of a field, and where it ends."""
    start = at
    letter = ""
    while at < len(text):
        letter = text[at]
        at += 1
        if letter == "{":
            raise ValueError("unexpected '{' in field name")
        if letter in "}:!":
            break
        if letter == "[":
            at = text.find("]", at) if text.find("]", at) >= 0 else len(text)
    name = text[start : at - 1]
    if letter == "}":
        return name, "", None, at
    if letter not in (":", "!"):
        raise ValueError("expected '}' before end of string")
    conversion = None
    if letter == "!":
        conversion, letter = text[at : at + 1], text[at + 1 : at + 2]
        if not conversion:
            raise ValueError("end of string while looking for conversion specifier")
        at = min(at + 2, len(text))
        if letter == "}":
            return name, "", conversion, at
        if letter not in ("", ":"):
            raise ValueError("expected ':' after conversion specifier")
    end = _end_of_spec(text, at)
    return name, text[at:end], conversion, end + 1


def _end_of_spec(text, at):
    depth = 1
    for place in range(at, len(text)):
        if text[place] == "{":
            depth += 1
        elif text[place] == "}":
            depth -= 1
            if depth == 0:
                return place
    raise ValueError("unmatched '{' in format spec")


def formatter_field_name_split(name):
    """The first part of a field's name, a number if it is one, and an iterator of the others: (is it an
    attribute, name or index)."""
    if not isinstance(name, str):
        raise TypeError("expected str, got " + type(name).__name__)
    end = 0
    while end < len(name) and name[end] not in ".[":
        end += 1
    first = name[:end]
    return int(first) if _is_index(first) else first, _steps(name, end)


def _is_index(text):
    if not text or not text.isdigit():
        return False
    if len(text) > 19:
        raise ValueError("Too many decimal digits in format string")
    return True


def _steps(name, at):
    while at < len(name):
        is_attribute = name[at] == "."
        start = at + 1
        if is_attribute:
            at = start
            while at < len(name) and name[at] not in ".[":
                at += 1
            key = name[start:at]
        elif name[at] == "[":
            at = name.find("]", start)
            if at < 0:
                raise ValueError("Missing ']' in format string")
            key = name[start:at]
            at += 1
        else:
            raise ValueError("Only '.' or '[' may follow ']' in format field specifier")
        if not key:
            raise ValueError("Empty attribute in format string")
        yield is_attribute, key if is_attribute or not _is_index(key) else int(key)
