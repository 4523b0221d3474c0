# datetime, calendar, zoneinfo.
import calendar
import datetime as dt
import time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

t = dt.datetime(2024, 2, 29, 12, 30, 5, 678, tzinfo=dt.timezone.utc)
assert repr(t) == "datetime.datetime(2024, 2, 29, 12, 30, 5, 678, tzinfo=datetime.timezone.utc)"
assert str(t) == "2024-02-29 12:30:05.000678+00:00" == t.isoformat(" ")
assert dt.datetime.fromisoformat(str(t)) == t and hash(dt.datetime.fromisoformat(str(t))) == hash(t)
assert t.replace(year=2025, day=1).strftime("%d.%m.%y %j %f %z") == "01.02.25 032 000678 +0000"
assert dt.datetime.strptime("29/Feb/2024:12:30:05 +0130", "%d/%b/%Y:%H:%M:%S %z").utcoffset() == dt.timedelta(
    minutes=90
)
assert t - dt.datetime(2024, 1, 1, tzinfo=dt.UTC) == dt.timedelta(
    days=59, hours=12, minutes=30, seconds=5, microseconds=678
)
assert (
    dt.timedelta(hours=-1) // dt.timedelta(minutes=7) == -9 and str(dt.timedelta(-1, 5)) == "-1 day, 0:00:05"
)
assert dt.date(2024, 12, 30).isocalendar() == (2025, 1, 1) and dt.date.fromisocalendar(2025, 1, 1) == dt.date(
    2024, 12, 30
)
assert dt.datetime.fromtimestamp(1e9, dt.timezone.utc).timestamp() == 1e9
assert dt.time(1, 2) < dt.time(1, 2, 1) and dt.time.fromisoformat("01:02:03.5").microsecond == 500000
for wrong in (
    lambda: dt.date(2023, 2, 29),
    lambda: dt.datetime.fromisoformat("2024-13-01"),
    lambda: dt.time(24),
):
    try:
        wrong()
    except ValueError:
        pass
    else:
        raise AssertionError(wrong)
try:
    t < dt.datetime(2024, 1, 1)
except TypeError as error:
    assert "offset-naive" in str(error)
else:
    raise AssertionError("compared")

assert calendar.monthrange(2024, 2) == (3, 29) and calendar.isleap(2000) and not calendar.isleap(1900)
assert calendar.timegm(time.gmtime(1234567890)) == 1234567890
assert calendar.month(2024, 2).splitlines()[2].strip() == "1  2  3  4"
assert calendar.Calendar(6).monthdayscalendar(2024, 3)[0] == [0, 0, 0, 0, 0, 1, 2]

berlin = ZoneInfo("Europe/Berlin")
summer = dt.datetime(2024, 7, 1, 12, tzinfo=berlin)
assert summer.utcoffset() == dt.timedelta(hours=2) and summer.tzname() == "CEST"
assert dt.datetime(2060, 1, 1, tzinfo=berlin).tzname() == "CET"  # by the rule behind the last transition
assert dt.datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=berlin).utcoffset() == dt.timedelta(hours=1)
assert summer.astimezone(ZoneInfo("UTC")).hour == 10 and ZoneInfo("Europe/Berlin") is berlin
try:
    ZoneInfo("Nowhere" + "/Here")
except ZoneInfoNotFoundError:
    pass
else:
    raise AssertionError("found")
