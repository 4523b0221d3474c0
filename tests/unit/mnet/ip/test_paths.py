# Path MTU, identifications and the rate limit of errors, of both families: RFC 1191, 8201, 6864, 7739, 1812.
from mnet.ip.identification import Identifications
from mnet.ip.paths import PathMtus
from mnet.ip.ratelimit import TokenBucket
from mnet.limits import PATH_LIFE, PATHS, SECOND


def test_path_mtu_expires():
    paths = PathMtus()
    assert paths.get("there", 1500, 0) == 1500
    paths.lower("there", 1400, 5)
    assert paths.get("there", 1500, 6) == 1400 and paths.get("elsewhere", 1500, 6) == 1500
    assert paths.get("there", 1300, 6) == 1300
    paths.lower("there", 1300, 10)
    assert paths.get("there", 1500, PATH_LIFE + 9) == 1300
    assert paths.get("there", 1500, PATH_LIFE + 10) == 1500 and paths.table == {}


def test_path_mtus_are_bounded_and_the_oldest_goes():
    paths = PathMtus()
    for i in range(PATHS + 10):
        paths.lower(i, 1400, i)
    assert len(paths.table) == PATHS and 9 not in paths.table and PATHS + 9 in paths.table


def test_token_bucket_of_icmp_errors():  # ICMP-6
    for dice, cost in ((b"\0", 1), (b"\1", 2)):
        bucket = TokenBucket(10, 20, lambda n, dice=dice: dice)
        now = 1000 * SECOND
        assert sum([bucket.take(now) for _ in range(100)]) == 20 // cost
        assert not bucket.take(now + SECOND // 11)
        assert bucket.take(now + SECOND // 10) and not bucket.take(now + SECOND // 10)
        now += 100 * SECOND
        assert sum([bucket.take(now) for _ in range(100)]) == 20 // cost
        sent = 0
        for _ in range(1000):
            now += SECOND // 100
            sent += bucket.take(now)
        assert abs(sent - 100 // cost) <= 1


def test_identifications_do_not_repeat_and_are_unpredictable():  # V4-9
    ids = Identifications(b"secret")
    ours = [ids.next(b"to you") for _ in range(1000)]
    assert len(set([number & 0xFFFF for number in ours])) == 1000
    firsts = [Identifications(bytes([i])).next(b"to you") & 0xFFFF for i in range(100)]
    assert len(set(firsts)) > 95
    steps = set()
    for _ in range(100):  # a peer's identifications do not reveal how much is sent to others
        before = ids.next(b"stranger")
        ids.next(b"to you")
        steps.add((ids.next(b"stranger") - before) & 0xFFFFFFFF)
    assert len(steps) == 1
