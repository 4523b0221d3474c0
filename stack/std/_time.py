# _time - the calendar part of time: struct_time, gmtime(), strftime(), the clocks by number. Local time is
# UTC and the locale is C's. time.py asks here for what it lacks; an image has this file if its program says
# one of these names (host/build/extensions.py).

import _mkernel

CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID = 0, 1, 2, 3
CLOCK_MONOTONIC_RAW, CLOCK_BOOTTIME, CLOCK_TAI = 4, 7, 11

timezone = altzone = daylight = 0
tzname = ("UTC", "UTC")

_FIELDS = (
    "tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday", "tm_isdst",
    "tm_zone", "tm_gmtoff",
)  # fmt: skip
_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_DAY = 86400
_EPOCH = 719468  # days from 0000-03-01, where a year of this arithmetic begins, to 1970-01-01
_MOST = 1 << 55  # seconds: the year still fits into 32 bits

_STRUCT_TM_ITEMS = 11  # for CPython's _strptime


class struct_time(tuple):
    """A time in fields: nine that count and index, then tm_zone and tm_gmtoff."""

    n_fields = 11
    n_sequence_fields = 9
    n_unnamed_fields = 0
    __match_args__ = _FIELDS[:9]

    def __new__(cls, sequence, dict=None):
        fields = list(sequence)
        if not 9 <= len(fields) <= 11:
            which = ("least 9", len(fields)) if len(fields) < 9 else ("most 11", len(fields))
            raise TypeError("time.struct_time() takes an at %s-sequence (%d-sequence given)" % which)
        self = tuple.__new__(cls, fields[:9])
        fields += [(dict or {}).get(name) for name in _FIELDS[len(fields) :]]
        self.tm_zone, self.tm_gmtoff = fields[9:]
        return self

    def __repr__(self):
        pairs = ["%s=%r" % pair for pair in zip(_FIELDS, self)]
        return "time.struct_time(%s)" % ", ".join(pairs)

    def __reduce__(self):
        return struct_time, (tuple(self), {"tm_zone": self.tm_zone, "tm_gmtoff": self.tm_gmtoff})

    tm_year = property(lambda self: self[0])
    tm_mon = property(lambda self: self[1])
    tm_mday = property(lambda self: self[2])
    tm_hour = property(lambda self: self[3])
    tm_min = property(lambda self: self[4])
    tm_sec = property(lambda self: self[5])
    tm_wday = property(lambda self: self[6])
    tm_yday = property(lambda self: self[7])
    tm_isdst = property(lambda self: self[8])


def _days(year, month, day):
    """Days from 1970-01-01 to a date of the Gregorian calendar; days beyond the month's end count on."""
    year += (month - 1) // 12
    month = (month - 1) % 12 + 1
    if month < 3:
        year -= 1
        month += 12
    return (
        365 * year + year // 4 - year // 100 + year // 400 + (153 * (month - 3) + 2) // 5 + day - 1 - _EPOCH
    )


def _date(days):
    """Year, month, day: the inverse of _days()."""
    era, day = divmod(days + _EPOCH, 146097)
    year = (day - day // 1460 + day // 36524 - day // 146096) // 365
    day -= 365 * year + year // 4 - year // 100
    month = (5 * day + 2) // 153
    day -= (153 * month + 2) // 5
    return year + 400 * era + (month > 9), month + 3 if month < 10 else month - 9, day + 1


def _seconds_of(secs):
    if secs is None:
        return _mkernel.clock_wall() // 1_000_000_000
    if isinstance(secs, float):
        if secs != secs:
            raise ValueError("Invalid value NaN (not a number)")
        if not -_MOST < secs < _MOST:
            raise OverflowError("timestamp out of range for platform time_t")
        return int(secs // 1)
    if not isinstance(secs, int):
        raise TypeError("'%s' object cannot be interpreted as an integer" % type(secs).__name__)
    if not -_MOST < secs < _MOST:
        raise OverflowError("timestamp out of range for platform time_t")
    return int(secs)


def gmtime(secs=None):
    """The fields of a time in seconds since 1970, or of now."""
    return _fields_of(secs, "GMT")


def localtime(secs=None):
    return _fields_of(secs, "UTC")


def _fields_of(secs, zone):
    days, rest = divmod(_seconds_of(secs), _DAY)
    year, month, day = _date(days)
    yday = days - _days(year, 1, 1) + 1
    hour, minute, second = rest // 3600, rest // 60 % 60, rest % 60
    return struct_time((year, month, day, hour, minute, second, (days + 3) % 7, yday, 0, zone, 0))


def _fields(t):
    """Nine integers; TypeError if they are none."""
    if not isinstance(t, tuple):
        raise TypeError("Tuple or struct_time argument required")
    if len(t) != 9:
        raise TypeError("mktime(): illegal time tuple argument")
    for each in t:
        if not isinstance(each, int):
            raise TypeError("'%s' object cannot be interpreted as an integer" % type(each).__name__)
        if not -(1 << 31) <= each < 1 << 31:
            raise OverflowError("signed integer is out of range")
    return t


def mktime(t):
    """The seconds since 1970 of a local time. Fields out of their range count on."""
    year, month, day, hour, minute, second = _fields(t)[:6]
    return float(_days(year, month, day) * _DAY + hour * 3600 + minute * 60 + second)


def _checked(t):
    """The fields of `t`, or of now; ValueError if one is out of its range. 0 is taken for the first."""
    year, month, day, hour, minute, second, wday, yday, isdst = localtime() if t is None else _fields(t)
    for value, least, most, what in (
        (month, 0, 12, "month"),
        (day, 0, 31, "day of month"),
        (hour, 0, 23, "hour"),
        (minute, 0, 59, "minute"),
        (second, 0, 61, "seconds"),
        (yday, 0, 366, "day of year"),
    ):
        if not least <= value <= most:
            raise ValueError(what + " out of range")
    if wday < -1:
        raise ValueError("day of week out of range")
    return year, month or 1, day or 1, hour, minute, second, (wday + 1) % 7, yday or 1, isdst


def asctime(t=None):
    """As 'Thu Jan  1 00:00:00 1970'."""
    year, month, day, hour, minute, second, wday = _checked(t)[:7]
    date = (_DAYS[wday][:3], _MONTHS[month - 1][:3], day, hour, minute, second, year)
    return "%s %s %2d %02d:%02d:%02d %d" % date


def ctime(secs=None):
    return asctime(localtime(secs))


def _iso(year, wday, yday):
    """The year and the week of ISO 8601. Days of the week and of the year count from 0, from Sunday on."""
    wday = (wday - 1) % 7
    week = (yday - wday + 9) // 7
    if week < 1:
        before = _days(year, 1, 1) - _days(year - 1, 1, 1)
        return year - 1, (yday + before - wday + 9) // 7
    length = _days(year + 1, 1, 1) - _days(year, 1, 1)
    if week == 53 and yday - wday + 3 >= length:
        return year + 1, 1
    return year, week


# Directives that stand for others.
_COMBINED = {
    "c": "%a %b %e %H:%M:%S %Y", "D": "%m/%d/%y", "F": "%Y-%m-%d", "r": "%I:%M:%S %p", "R": "%H:%M",
    "T": "%H:%M:%S", "x": "%m/%d/%y", "X": "%H:%M:%S",
}  # fmt: skip
_TEXTS = {
    "a": lambda t: _DAYS[t[6]][:3],
    "A": lambda t: _DAYS[t[6]],
    "b": lambda t: _MONTHS[t[1] - 1][:3],
    "h": lambda t: _MONTHS[t[1] - 1][:3],
    "B": lambda t: _MONTHS[t[1] - 1],
    "p": lambda t: "PM" if t[3] >= 12 else "AM",
    "P": lambda t: "pm" if t[3] >= 12 else "am",
    "n": lambda t: "\n",
    "t": lambda t: "\t",
    "Z": lambda t: t[9] or "",
    "z": lambda t: "%s%02d%02d" % ("-" if t[10] < 0 else "+", abs(t[10]) // 3600, abs(t[10]) // 60 % 60),
    "%": lambda t: "%",
}
# The number, its width and what fills it.
_NUMBERS = {
    "C": (lambda t: t[0] // 100, 2, "0"),
    "d": (lambda t: t[2], 2, "0"),
    "e": (lambda t: t[2], 2, " "),
    "g": (lambda t: _iso(t[0], t[6], t[7] - 1)[0] % 100, 2, "0"),
    "G": (lambda t: _iso(t[0], t[6], t[7] - 1)[0], 1, "0"),
    "H": (lambda t: t[3], 2, "0"),
    "I": (lambda t: (t[3] + 11) % 12 + 1, 2, "0"),
    "j": (lambda t: t[7], 3, "0"),
    "k": (lambda t: t[3], 2, " "),
    "l": (lambda t: (t[3] + 11) % 12 + 1, 2, " "),
    "m": (lambda t: t[1], 2, "0"),
    "M": (lambda t: t[4], 2, "0"),
    "s": (lambda t: int(mktime(t[:9])), 1, "0"),
    "S": (lambda t: t[5], 2, "0"),
    "u": (lambda t: t[6] or 7, 1, "0"),
    "U": (lambda t: (t[7] + 6 - t[6]) // 7, 2, "0"),
    "V": (lambda t: _iso(t[0], t[6], t[7] - 1)[1], 2, "0"),
    "w": (lambda t: t[6], 1, "0"),
    "W": (lambda t: (t[7] + 6 - (t[6] - 1) % 7) // 7, 2, "0"),
    "y": (lambda t: t[0] % 100, 2, "0"),
    "Y": (lambda t: t[0], 1, "0"),
}


def strftime(format, t=None):
    """`t`, or now, as text: the directives of glibc in the locale C."""
    if not isinstance(format, str):
        raise TypeError("strftime() argument 1 must be str, not " + type(format).__name__)
    zone = "UTC", 0
    if isinstance(t, struct_time) and t.tm_zone is not None:
        zone = t.tm_zone, t.tm_gmtoff or 0
    return _formatted(format, _checked(t) + zone)


def _formatted(format, fields):
    pieces = []
    at = 0
    while True:
        place = format.find("%", at)
        if place < 0:
            pieces.append(format[at:])
            return "".join(pieces)
        pieces.append(format[at:place])
        at, piece = _directive(format, place + 1, fields)
        pieces.append(format[place:at] if piece is None else piece)


def _directive(format, at, fields):
    """Where the directive ends, and its text: None if there is no such directive."""
    flags = width = ""
    while format[at : at + 1] and format[at] in "-_0^#":
        flags += format[at]
        at += 1
    while format[at : at + 1].isdigit():
        width += format[at]
        at += 1
    if format[at : at + 1] in ("E", "O"):
        at += 1
    letter = format[at : at + 1]
    if letter in _COMBINED:
        text, fill = _formatted(_COMBINED[letter], fields), " "
    elif letter in _TEXTS:
        text, fill = _TEXTS[letter](fields), " "
    elif letter in _NUMBERS:
        number, least, fill = _NUMBERS[letter]
        text, fill = _padded(number(fields), least, fill, flags)
    else:
        return at + len(letter), None
    if "^" in flags:
        text = text.upper()
    if "#" in flags:
        text = text.lower() if letter in "pZ" else text.upper()
    width = min(int(width or 0), 1 << 16)
    fill = "0" if "0" in flags else " " if "_" in flags else fill
    return at + 1, text if "-" in flags else fill * (width - len(text)) + text


def _padded(number, least, fill, flags):
    for flag, other in (("-", ""), ("_", " "), ("0", "0")):
        if flag in flags:
            fill = other
    text = str(abs(number))
    if fill:
        text = fill * (least - len(text)) + text
    return ("-" + text if number < 0 else text), fill


def strptime(data_string, format="%a %b %d %H:%M:%S %Y"):
    """The fields of a time in a text."""
    return __import__(_PARSER)._strptime_time(data_string, format)


_PARSER = "_strptime"  # CPython's


def tzset():
    """Nothing: local time is UTC."""


def clock_gettime_ns(clk_id):
    """A clock in nanoseconds. The time of the process is the time since the start."""
    if clk_id in (CLOCK_REALTIME, CLOCK_TAI):
        return _mkernel.clock_wall()
    if clk_id in (CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_BOOTTIME):
        return _mkernel.clock_monotonic()
    if clk_id in (CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID):
        return process_time_ns()
    raise OSError(22, "Invalid argument")


def clock_gettime(clk_id):
    return clock_gettime_ns(clk_id) / 1_000_000_000


def clock_getres(clk_id):
    clock_gettime_ns(clk_id)
    return 1e-09


def clock_settime_ns(clk_id, time):
    clock_gettime_ns(clk_id)
    raise PermissionError(1, "Operation not permitted")


clock_settime = clock_settime_ns
_START = _mkernel.clock_monotonic()


def process_time_ns():
    """The nanoseconds that the machine runs: nothing tells how long it was idle."""
    return _mkernel.clock_monotonic() - _START


def process_time():
    return process_time_ns() / 1_000_000_000


thread_time_ns = process_time_ns
thread_time = process_time


class _Namespace:
    """What get_clock_info() returns."""

    def __init__(self, **values):
        for name in values:
            setattr(self, name, values[name])

    def __repr__(self):
        names = ("implementation", "monotonic", "adjustable", "resolution")
        return "namespace(%s)" % ", ".join(["%s=%r" % (name, getattr(self, name)) for name in names])


_CLOCKS = {
    "time": "CLOCK_REALTIME", "monotonic": "CLOCK_MONOTONIC", "perf_counter": "CLOCK_MONOTONIC",
    "process_time": "CLOCK_PROCESS_CPUTIME_ID", "thread_time": "CLOCK_THREAD_CPUTIME_ID",
}  # fmt: skip


def get_clock_info(name):
    """What is known of a clock, as attributes."""
    if name not in _CLOCKS:
        raise ValueError("unknown clock")
    how = "clock_gettime(%s)" % _CLOCKS[name]
    is_wall = name == "time"
    return _Namespace(implementation=how, monotonic=not is_wall, adjustable=is_wall, resolution=1e-09)
