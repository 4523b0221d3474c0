# locale - there is one: C.

LC_CTYPE, LC_NUMERIC, LC_TIME, LC_COLLATE, LC_MONETARY, LC_MESSAGES, LC_ALL = range(7)
CHAR_MAX = 127

_NAMES = (None, "", "C", "POSIX")


class Error(Exception):
    """There is no such locale."""


def setlocale(category, locale=None):
    """Return "C"; Error for any other locale."""
    if isinstance(locale, tuple):
        locale = locale[0]
    if locale not in _NAMES:
        raise Error("unsupported locale setting")
    return "C"


def getlocale(category=LC_CTYPE):
    return None, None


getdefaultlocale = getlocale


def getpreferredencoding(do_setlocale=True):
    return "utf-8"


def getencoding():
    return "utf-8"


def localeconv():
    """How numbers are written."""
    texts = (
        "int_curr_symbol", "currency_symbol", "mon_decimal_point", "mon_thousands_sep", "positive_sign",
        "negative_sign", "thousands_sep",
    )  # fmt: skip
    numbers = (
        "int_frac_digits", "frac_digits", "p_cs_precedes", "p_sep_by_space", "n_cs_precedes",
        "n_sep_by_space", "p_sign_posn", "n_sign_posn",
    )  # fmt: skip
    found = dict.fromkeys(texts, "")
    found.update(dict.fromkeys(numbers, CHAR_MAX))
    found.update({"decimal_point": ".", "grouping": [], "mon_grouping": []})
    return found


def normalize(localename):
    return localename


def strcoll(a, b):
    return (a > b) - (a < b)


def strxfrm(string):
    return string


def format_string(f, val, grouping=False, monetary=False):
    return f % val


def str(val):
    return "%.12g" % val


def delocalize(string):
    return string


def localize(string, grouping=False, monetary=False):
    return string


def atof(string, func=float):
    return func(string)


def atoi(string):
    return int(string)
