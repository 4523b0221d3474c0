# Options of connections: shared Settings (tcp/settings.py).
from mnet.tcp.settings import Settings


def test_a_change_leaves_the_original_alone():
    first = Settings()
    other = first.but("nodelay", True).but("ttl", 3)
    assert (other.nodelay, other.ttl) == (True, 3) and (first.nodelay, first.ttl) == (False, 0)
    assert other.but("ttl", 4).nodelay is True and other.ttl == 3
    assert other.but("ttl", 0).ttl == 0


def test_connections_with_the_same_option_share_their_settings():
    first = Settings(rcv_buf=4096)
    assert first.but("nodelay", True) is first.but("nodelay", True)
    assert first.but("nodelay", False) is not first.but("nodelay", True)
    assert first.but("nodelay", True).rcv_buf == 4096


def test_options_that_change_back_and_forth_keep_no_history():
    settings = first = Settings()
    for turn in range(100):
        settings = settings.but("corked", turn % 2 == 0).but("quick", turn % 3 == 0)
    kept = 0
    while first is not None:
        first, kept = first.last, kept + 1
    assert kept <= 4
