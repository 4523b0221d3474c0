# routes.py - IPv6 next-hop determination: RFC 4861 5.2, 6.3.6, RFC 4191. One link; a host forwards nothing.
from micropython import const

from ...address6 import is_link_local, is_unicast, network, same_prefix
from ...limits import PREFIXES, REDIRECTS, ROUTERS, SECOND
from ...timers import NEVER

_PROBE_INTERVAL = 60 * SECOND
_SILENT, _UNKNOWN, _ANSWERS = const(0), const(1), const(2)
_NO_ROUTER = (_UNKNOWN, -2)
_CONFIGURED = (3, 0)


class Router:
    """A default router; `preference` is -1, 0 or 1 (RFC 4191 2.1), 2 if configured."""

    def __init__(self, address, until, preference):
        self.address = address
        self.until = until
        self.preference = preference
        self.silent = False  # unreachable: it did not answer the last solicitation
        self.answers = False  # it has answered one
        self.probed_at = -_PROBE_INTERVAL  # last reachability probe of an unreachable router


class Routes6:
    """The prefixes of one link, its default routers, and their redirects. `neighbors`: the cache of the
    link; `table`: the host's routes, whose generation changes with these."""

    def __init__(self, neighbors, table):
        self.neighbors = neighbors
        self.table = table
        self.prefixes = []  # (network, length, valid until, configured, router)
        self.routers = []
        self.redirects = {}  # destination -> next hop

    def next_hop(self, dst, now):
        """Return the next hop for `dst`, or None if there is no route: for addresses that must not appear
        on a link (RFC 4291 2.5.2, 2.5.3), or without a router for destinations outside the on-link
        prefixes (RFC 5942 section 4)."""
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
        """Whether an on-link prefix covers `dst`."""
        for prefix, length, until, _, _ in self.prefixes:
            if until > now and same_prefix(dst, prefix, length):
                return True
        return False

    def add_prefix(self, address, length, until, now, fixed=False, router=None):
        """Add an on-link prefix valid until `until`; now: remove it (RFC 4861 6.3.4). `router` advertises
        it; a `fixed` one was configured, and no router changes it. Returns False if the table is full of
        equally useful ones."""
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
        """Add a default router valid until `until`; now: remove it. Returns False if the table is full of
        equally useful ones (RFC 4861 6.3.4: two at least)."""
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
        """Evict the least useful router if it is less useful than `usefulness`."""
        least = min(self.routers, key=_usefulness)
        if _usefulness(least) >= usefulness:
            return False
        self.routers.remove(least)
        self.forget(least.address)
        return True

    def usefulness(self, address):
        """Return the usefulness of the router at `address`, or of what it alone advertises."""
        router = self.router(address)
        return _NO_ROUTER if router is None else _usefulness(router)

    def more_useful(self, address, other):
        """Whether the router at `address` is more useful than the other."""
        return address if self.usefulness(address) > self.usefulness(other) else other

    def router(self, address):
        """Return the Router with this address, or None."""
        for router in self.routers:
            if router.address == address:
                return router
        return None

    def redirect(self, dst, hop):
        """Add a redirect (RFC 4861 8.3). Without room an arbitrary one is evicted: its router redirects
        again."""
        self.redirects.pop(dst, None)
        if len(self.redirects) >= REDIRECTS:
            del self.redirects[next(iter(self.redirects))]
        if hop is not None:
            self.redirects[dst] = hop
        self.table.generation += 1

    def forget(self, hop):
        """Handle an unreachable neighbor, or one that ceased to be a router: select other next hops (RFC
        4861 7.3.3, 6.3.5)."""
        self.redirects = {dst: each for dst, each in self.redirects.items() if each != hop}
        self.table.generation += 1
        router = self.router(hop)
        if router is not None:
            router.silent = True
            router.answers = False

    def no_router(self, address):
        """Remove a router that has cleared its router flag (RFC 4861 7.2.5)."""
        router = self.router(address)
        if router is not None and router.until != NEVER:
            self.routers.remove(router)
            self.forget(address)

    def router_reachable(self, address):
        """Mark a router reachable."""
        router = self.router(address)
        if router is not None:
            router.silent = False
            router.answers = True

    def _router(self, now):
        """Return the best default router (RFC 4861 6.3.6, RFC 4191 3.2): reachable ones first, then by
        preference. If none is reachable they take turns."""
        best = None
        for router in self.routers:
            if router.until > now and (best is None or _rank(router) > _rank(best)):
                best = router
        if best is not None and best.silent and len(self.routers) > 1:
            self.routers.remove(best)
            self.routers.append(best)
        elif best is not None:
            self._probe_better(best, now)
        return best

    def _probe_better(self, best, now):
        """Probe unreachable routers of higher preference, at most once a minute (RFC 4191 3.2)."""
        for router in self.routers:
            if (
                router.until > now
                and router.preference > best.preference
                and now - router.probed_at >= _PROBE_INTERVAL
            ):
                router.probed_at = now
                self.neighbors.probe_once(router.address, now)


def _rank(router):
    return (not router.silent, router.preference)


def _usefulness(router):
    """Return the usefulness of a router: first those that answered solicitations, then unprobed ones, then
    unreachable ones; then the preference. So false routers that fill the table are evicted, and a working
    one is not."""
    if router.until == NEVER:
        return _CONFIGURED
    return (_SILENT if router.silent else _ANSWERS if router.answers else _UNKNOWN, router.preference)
