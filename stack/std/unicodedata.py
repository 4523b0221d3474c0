# unicodedata - properties of characters, normal forms and names, from tables that the build makes
# (host/build/unicode.py). The names are in an image only if its program calls name() or lookup().

import _unicode_tables as _tables

unidata_version = _tables.VERSION

_NONE = object()
_HANGUL, _HANGUL_END = 0xAC00, 0xD7A4
_L, _V, _T, _V_COUNT, _T_COUNT = 0x1100, 0x1161, 0x11A7, 21, 28
_JAMO = (
    ("G", "GG", "N", "D", "DD", "R", "M", "B", "BB", "S", "SS", "", "J", "JJ", "C", "K", "T", "P", "H"),
    (
        "A", "AE", "YA", "YAE", "EO", "E", "YEO", "YE", "O", "WA", "WAE", "OE", "YO", "U", "WEO", "WE", "WI",
        "YU", "EU", "YI", "I",
    ),
    (
        "", "G", "GG", "GS", "N", "NJ", "NH", "D", "L", "LG", "LM", "LB", "LS", "LT", "LP", "LH", "M", "B",
        "BS", "S", "SS", "NG", "J", "C", "K", "T", "P", "H",
    ),
)  # fmt: skip


def _point(chr):
    if not isinstance(chr, str):
        raise TypeError("argument 1 must be a unicode character, not " + type(chr).__name__)
    if len(chr) != 1:
        raise TypeError("argument 1 must be a unicode character, not a string of length %d" % len(chr))
    return ord(chr)


def _before(keys, point, size=3):
    """The number of the last key that is not above `point`, -1 if there is none."""
    low, high = 0, len(keys) // size
    while low < high:
        middle = (low + high) // 2
        at = middle * size
        if int.from_bytes(keys[at : at + size], "big") <= point:
            low = middle + 1
        else:
            high = middle
    return low - 1


def _run(table, chr):
    values, starts, indices = table
    return values[indices[_before(starts, _point(chr))]]


def _record(table, point):
    """The bytes for a code point, or None."""
    keys, ends, texts = table
    place = _before(keys, point)
    at = 3 * place
    if place < 0 or int.from_bytes(keys[at : at + 3], "big") != point:
        return None
    return texts[
        int.from_bytes(ends[at - 3 : at], "big") if at else 0 : int.from_bytes(ends[at : at + 3], "big")
    ]


def category(chr):
    return _run(_tables.CATEGORY, chr)


def bidirectional(chr):
    return _run(_tables.BIDIRECTIONAL, chr)


def combining(chr):
    return _run(_tables.COMBINING, chr)


def east_asian_width(chr):
    return _run(_tables.EAST_ASIAN_WIDTH, chr)


def mirrored(chr):
    return _run(_tables.MIRRORED, chr)


def _number(chr, least, default, what):
    point = _point(chr)
    for first, last, value, kind in _tables.NUMBERS:
        if first <= point <= last and kind >= least:
            over, _, under = value.partition("/")
            return (int(over) / int(under) if under else int(over)) + (point - first)
    if default is _NONE:
        raise ValueError("not a " + what)
    return default


def decimal(chr, default=_NONE):
    return _number(chr, 3, default, "decimal")


def digit(chr, default=_NONE):
    return _number(chr, 2, default, "digit")


def numeric(chr, default=_NONE):
    found = _number(chr, 1, default, "numeric character")
    return float(found) if isinstance(found, int) and found is not default else found


def _parts(point):
    """The tag of a decomposition and its characters; two empty texts if there is none."""
    found = _record(_tables.DECOMPOSITIONS, point)
    if found is None:
        return "", ""
    text = found.decode()
    if text[0] == "<" and ">" in text:
        tag, _, text = text.partition(">")
        return tag + ">", text
    return "", text


def decomposition(chr):
    """As text: a tag and code points."""
    tag, text = _parts(_point(chr))
    return " ".join(([tag] if tag else []) + ["%04X" % ord(each) for each in text])


def _decomposed(letter, compatible, into):
    """Append the whole decomposition."""
    point = ord(letter)
    if point < 0xA0:
        into.append(letter)
    elif _HANGUL <= point < _HANGUL_END:
        index, last = divmod(point - _HANGUL, _T_COUNT)
        into.append(chr(_L + index // _V_COUNT))
        into.append(chr(_V + index % _V_COUNT))
        if last:
            into.append(chr(_T + last))
    else:
        tag, text = _parts(point)
        if not text or (tag and not compatible):
            into.append(letter)
        else:
            for each in text:
                _decomposed(each, compatible, into)


def _ordered(letters):
    """Sort each row of combining characters by their class."""
    classes = [combining(each) if each >= "\u0300" else 0 for each in letters]
    for i in range(1, len(letters)):
        at = i
        while at > 0 and classes[at - 1] > classes[at] > 0:
            letters[at - 1 : at + 1] = [letters[at], letters[at - 1]]
            classes[at - 1 : at + 1] = [classes[at], classes[at - 1]]
            at -= 1
    return letters, classes


def _pair(first, second):
    """What two characters make together, or None."""
    a, b = ord(first), ord(second)
    if _L <= a < _L + 19 and _V <= b < _V + _V_COUNT:
        return chr(_HANGUL + ((a - _L) * _V_COUNT + b - _V) * _T_COUNT)
    if _HANGUL <= a < _HANGUL_END and (a - _HANGUL) % _T_COUNT == 0 and _T < b < _T + _T_COUNT:
        return chr(a + b - _T)
    table = _tables.COMPOSITIONS
    key = a << 24 | b
    low, high = 0, len(table) // 9
    while low < high:
        at = (low + high) // 2 * 9
        found = int.from_bytes(table[at : at + 6], "big")
        if found == key:
            return chr(int.from_bytes(table[at + 6 : at + 9], "big"))
        if found < key:
            low = at // 9 + 1
        else:
            high = at // 9
    return None


def _composed(letters, classes):
    made = []
    starter, last = -1, 0  # where the last starter is, and the class of what stands behind it
    for letter, its_class in zip(letters, classes):
        if starter >= 0 and (last < its_class or (last == 0 and starter == len(made) - 1)):
            pair = _pair(made[starter], letter)
            if pair is not None:
                made[starter] = pair
                continue
        if its_class == 0:
            starter = len(made)
        last = its_class
        made.append(letter)
    return made


def normalize(form, unistr):
    """The text in the form NFC, NFD, NFKC or NFKD."""
    if form not in ("NFC", "NFD", "NFKC", "NFKD"):
        raise ValueError("invalid normalization form")
    if not isinstance(unistr, str):
        raise TypeError("normalize() argument 2 must be str, not " + type(unistr).__name__)
    if len(unistr.encode("utf-8", "surrogatepass")) == len(unistr):
        return unistr  # ASCII
    letters = []
    for letter in unistr:
        _decomposed(letter, form[2] == "K", letters)
    letters, classes = _ordered(letters)
    return "".join(letters if form[-1] == "D" else _composed(letters, classes))


def is_normalized(form, unistr):
    return normalize(form, unistr) == unistr


def _names():
    return __import__("_unicode_" + "names")  # no name that the build could read as an import


def _word(names, number):
    ends, texts = names.WORDS
    at = 3 * number
    return texts[
        int.from_bytes(ends[at - 3 : at], "big") if at else 0 : int.from_bytes(ends[at : at + 3], "big")
    ]


def name(chr, default=_NONE):
    """The character's name in the standard."""
    point = _point(chr)
    if _HANGUL <= point < _HANGUL_END:
        index, last = divmod(point - _HANGUL, _T_COUNT)
        return "HANGUL SYLLABLE " + _JAMO[0][index // _V_COUNT] + _JAMO[1][index % _V_COUNT] + _JAMO[2][last]
    names = _names()
    for first, end, prefix in names.NUMBERED:
        if first <= point < end:
            return "%s%X" % (prefix, point)
    found = _record(names.NAMES, point)
    if found is None:
        if default is _NONE:
            raise ValueError("no such name")
        return default
    words = [_word(names, found[i] << 8 | found[i + 1]) for i in range(0, len(found), 2)]
    return b" ".join(words).decode()


def _numbered(name):
    """The character whose name ends with its code point, or None."""
    before, _, number = name.rpartition("-")
    for first, end, prefix in _names().NUMBERED:
        if prefix == before + "-":
            try:
                point = int(number, 16)
            except ValueError:
                return None
            if first <= point < end:
                return chr(point)
    return None


def lookup(name):
    """The character of a name; KeyError if there is none."""
    wanted = name.upper()
    found = _numbered(wanted)
    if found is None:
        found = _with_words(wanted.encode().split(b" "))
    if found is None and wanted.startswith("HANGUL SYLLABLE "):
        found = next((chr(point) for point in range(_HANGUL, _HANGUL_END) if _is_named(point, wanted)), None)
    if found is None:
        raise KeyError("undefined character name '%s'" % name)
    return found


def _is_named(point, wanted):
    return globals()["name"](chr(point)) == wanted


def _with_words(words):
    """The character whose name has these words: found by their numbers."""
    names = _names()
    count = len(names.WORDS[0]) // 3
    numbers = {}
    for number in range(count):
        word = _word(names, number)
        if word in words:
            numbers[word] = number
    if any([word not in numbers for word in words]):
        return None
    code = b"".join([numbers[word].to_bytes(2, "big") for word in words])
    keys, ends, texts = names.NAMES
    at = texts.find(code)
    while at >= 0:
        place = _before(ends, at) + 1
        start = int.from_bytes(ends[3 * place - 3 : 3 * place], "big") if place else 0
        end = int.from_bytes(ends[3 * place : 3 * place + 3], "big")
        if start == at and end == at + len(code):
            return chr(int.from_bytes(keys[3 * place : 3 * place + 3], "big"))
        at = texts.find(code, at + 1)
    return None
