# routes6.py - where an IPv6 packet goes next: RFC 4861 5.2, 6.3.6, RFC 4191. One link; a host forwards
# nothing.
from micropython import const

from ..address6 import is_link_local, is_unicast, network, same_prefix
from ..limits import PREFIXES, REDIRECTS, ROUTERS, SECOND
from ..timers import NEVER

_ASK_AGAIN = 60 * SECOND
_SILENT, _UNKNOWN, _ANSWERS = const(0), const(1), const(2)
_NO_ROUTER = (_UNKNOWN, -2)
_CONFIGURED = (3, 0)


class Router:
    """A default router; `preference` is -1, 0 or 1 (RFC 4191 2.1), 2 for one that was configured."""

    def __init__(self, address, until, preference):
        self.address = address
        self.until = until
        self.preference = preference
        self.silent = False  # it did not answer the last solicitation
        self.answers = False  # it has answered one
        self.asked = -_ASK_AGAIN  # when it was asked whether it is back


class Routes6:
    """The prefixes of one link, its default routers, and their redirects. `neighbors`: the cache of the link;
    `table`: the host's routes, whose generation changes with these."""

    def __init__(self, neighbors, table):
        self.neighbors = neighbors
        self.table = table
        self.prefixes = []  # (network, length, valid until, whether it was configured, router)
        self.routers = []
        self.redirects = {}  # destination -> the neighbour that takes it

    def next_hop(self, dst, now):
        """The neighbour that takes a packet for `dst`, or None if there is no route: to addresses that must
        not appear on a link (RFC 4291 2.5.2, 2.5.3), or without a router to what no prefix of the link covers
        (RFC 5942 section 4)."""
        if not is_unicast(dst):
            return None
        hop = self.redirects.get(dst)
        if hop is not None:
            return hop
        if is_link_local(dst) or self.on_link(dst, now):
            return dst
        router = self._router(now)
        return router and router.address

    def on_link(self, dst, now):
        """Whether a prefix of the link covers it."""
        for prefix, length, until, _, _ in self.prefixes:
            if until > now and same_prefix(dst, prefix, length):
                return True
        return False

    def add_prefix(self, address, length, until, now, fixed=False, router=None):
        """A prefix is on the link until then; until now: no longer (RFC 4861 6.3.4). `router` advertises it;
        a `fixed` one was configured, and no router changes it. False if the table is full of others as
        useful."""
        prefix = network(address, length)
        kept = []
        for each in self.prefixes:
            if each[:2] == (prefix, length):
                if each[3]:
                    return True
                router = self.more_useful(router, each[4])
            elif each[2] > now:
                kept.append(each)
        self.prefixes = kept
        if until <= now:
            return True
        if len(kept) >= PREFIXES:
            least = min(kept, key=lambda each: _CONFIGURED if each[3] else self.usefulness(each[4]))
            if not fixed and (least[3] or self.usefulness(least[4]) >= self.usefulness(router)):
                return False
            kept.remove(least)
        kept.append((prefix, length, until, fixed, router))
        self.table.generation += 1
        return True

    def add_router(self, address, until, preference, now):
        """A router forwards until then; until now: no longer. False if the table is full of others as useful
        (RFC 4861 6.3.4: two at least)."""
        router = self.router(address)
        if router is not None and router.until != NEVER:
            router.until, router.preference = until, preference
        self.routers = [each for each in self.routers if each.until > now]
        if until <= now:
            self.forget(address)
        elif router is None:
            if len(self.routers) >= ROUTERS and not self._make_room((_UNKNOWN, preference)):
                return False
            self.routers.append(Router(address, until, preference))
            self.table.generation += 1
        return True

    def _make_room(self, usefulness):
        """Remove the least useful router if it is less useful than that."""
        least = min(self.routers, key=_usefulness)
        if _usefulness(least) >= usefulness:
            return False
        self.routers.remove(least)
        self.forget(least.address)
        return True

    def usefulness(self, address):
        """How much is lost without the router at `address`, or without what it alone advertises."""
        router = self.router(address)
        return _NO_ROUTER if router is None else _usefulness(router)

    def more_useful(self, address, other):
        """Which of two routers is."""
        return address if self.usefulness(address) > self.usefulness(other) else other

    def router(self, address):
        """The Router with this address, or None."""
        for router in self.routers:
            if router.address == address:
                return router
        return None

    def redirect(self, dst, hop):
        """A router knows better (RFC 4861 8.3). Without room any other goes: its router says it again."""
        self.redirects.pop(dst, None)
        if len(self.redirects) >= REDIRECTS:
            del self.redirects[next(iter(self.redirects))]
        if hop is not None:
            self.redirects[dst] = hop
        self.table.generation += 1

    def forget(self, hop):
        """A neighbour has fallen silent, or routes no more: what went by it finds another way (RFC 4861
        7.3.3, 6.3.5)."""
        self.redirects = {dst: each for dst, each in self.redirects.items() if each != hop}
        self.table.generation += 1
        router = self.router(hop)
        if router is not None:
            router.silent = True
            router.answers = False

    def no_router(self, address):
        """It has said that it does not forward (RFC 4861 7.2.5)."""
        router = self.router(address)
        if router is not None and router.until != NEVER:
            self.routers.remove(router)
            self.forget(address)

    def heard(self, address):
        """A router answers."""
        router = self.router(address)
        if router is not None:
            router.silent = False
            router.answers = True

    def _router(self, now):
        """RFC 4861 6.3.6, RFC 4191 3.2: those that answer first, then the more preferred. When none answers,
        each gets its turn."""
        best = None
        for router in self.routers:
            if router.until > now and (best is None or _rank(router) > _rank(best)):
                best = router
        if best is not None and best.silent and len(self.routers) > 1:
            self.routers.remove(best)
            self.routers.append(best)
        elif best is not None:
            self._ask_better(best, now)
        return best

    def _ask_better(self, best, now):
        """RFC 4191 3.2: whom we would rather have is asked, once a minute at most."""
        for router in self.routers:
            if (
                router.until > now
                and router.preference > best.preference
                and now - router.asked >= _ASK_AGAIN
            ):
                router.asked = now
                self.neighbors.ask_once(router.address, now)


def _rank(router):
    return (not router.silent, router.preference)


def _usefulness(router):
    """Routers that answer solicitations go before those that had none, these before silent ones; then the
    preference decides. So false routers that fill the table give way, and one that works does not."""
    if router.until == NEVER:
        return _CONFIGURED
    return (_SILENT if router.silent else _ANSWERS if router.answers else _UNKNOWN, router.preference)
