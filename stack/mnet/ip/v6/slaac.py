# slaac.py - stateless address autoconfiguration: RFC 4862 (with duplicate address detection), RFC 4429
# (optimistic DAD), RFC 7217 (stable and opaque), RFC 8981 (temporary).

from micropython import const

from ...address6 import LINK_LOCAL, eui64, format_ipv6, is_link_local, same_prefix, solicited_node
from ...limits import ADDRESSES, PREFIXES, SECOND
from ...timers import NEVER
from ...wire.primitives import sha256
from .addresses import DEPRECATED, OPTIMISTIC, PREFERRED, Address

EUI64, STABLE, TEMPORARY, STATIC = "eui64", "stable", "temporary", "static"

_TWO_HOURS = 7200 * SECOND  # RFC 4862 5.5.3 (e)
_TRIES = const(3)  # RFC 7217 section 7, RFC 8981 3.8
_TEMPORARY_VALID = 2 * 86400 * SECOND  # RFC 8981 3.8
_TEMPORARY_PREFERRED = 86400 * SECOND
_REGENERATE = 5 * SECOND  # before a temporary address is deprecated
_DESYNC = const(34560)  # seconds: 0.4 of TEMP_PREFERRED_LIFETIME


class Slaac:
    """Creates addresses, runs DAD and their lifetimes. `mode`: EUI64, STABLE or TEMPORARY; the last also
    has stable ones."""

    def __init__(self, interface):
        self.interface = interface
        self.host = interface.host
        self.ip = interface.ipv6
        self.ndp = self.ip.ndp
        self.mld = interface.mld
        self.deadlines = self.host.deadlines
        self.env = self.host.env
        self.mode = EUI64
        self.full_until = 0
        self.makes = False  # create addresses from advertised prefixes
        self.taken = []  # prefixes in which DAD has failed for our address

    def start(self, mode, now):
        """Create the link-local address (RFC 4862 5.3)."""
        self.mode = EUI64 if mode == STATIC else mode
        self.makes = mode != STATIC
        self._make(LINK_LOCAL, 0, NEVER, NEVER, now)

    def add(self, value, length, now):
        """Add a configured address; its network is on the link."""
        self.ip.routes.add_prefix(value, length, NEVER, now, True)
        self._take(Address(self, value, length), now)

    def prefix(self, value, length, valid_until, preferred_until, now, router):
        """Process an advertised prefix with the autonomous flag (RFC 4862 5.5.3)."""
        if not self.makes or length != 64 or preferred_until > valid_until:
            return
        known = [each for each in self._from(value) if not each.temporary]
        for address in self._from(value):
            address.router = self.ip.routes.more_useful(router, address.router)
            self._prolong(address, valid_until, preferred_until, now)
        if not known and valid_until > now and value[:8] not in self.taken:
            self._make(value, 0, valid_until, preferred_until, now, router)
            if self.mode == TEMPORARY and preferred_until > now + _REGENERATE:
                self._make_temporary(value, 0, valid_until, preferred_until, now, router)

    def _from(self, prefix):
        """Return our addresses of a prefix."""
        return [
            each
            for each in self.ip.addresses.list
            if each.made >= 0 and same_prefix(each.value, prefix, 64) and not is_link_local(each.value)
        ]

    def _prolong(self, address, valid_until, preferred_until, now):
        """Update the lifetimes; an advertisement cannot reduce a lifetime below two hours (5.5.3 (e))."""
        if address.temporary:  # RFC 8981 3.4 (1): never beyond its own limits
            valid_until = min(valid_until, address.last_valid)
            preferred_until = min(preferred_until, address.last_preferred)
        if valid_until > now + _TWO_HOURS or valid_until > address.valid_until:
            address.valid_until = valid_until
        elif address.valid_until > now + _TWO_HOURS:
            address.valid_until = now + _TWO_HOURS
        address.preferred_until = preferred_until
        self.expire(address, now)

    def _make(self, prefix, made, valid_until, preferred_until, now, router=None):
        if self.mode == EUI64:
            identifier = eui64(self.ip.link.mac)
        else:  # the key of RFC 7217 section 5 would have to outlive the image: docs/deviations.md
            name = b"pymnet" + prefix[:8] + self.ip.link.mac + bytes((made,))
            identifier = sha256(name).digest()[:8]
        address = Address(self, prefix[:8] + identifier, 64, valid_until, preferred_until)
        address.made = made
        address.router = router
        self._take(address, now)

    def _make_temporary(self, prefix, made, valid_until, preferred_until, now, router):
        desync = self.env.random_below(_DESYNC) * SECOND
        address = Address(self, prefix[:8] + self.env.random(8), 64)
        address.temporary = True
        address.made = made
        address.router = router
        address.last_valid = now + _TEMPORARY_VALID
        address.last_preferred = now + _TEMPORARY_PREFERRED - desync
        address.valid_until = min(valid_until, address.last_valid)
        address.preferred_until = min(preferred_until, address.last_preferred)
        self._take(address, now)

    def _take(self, address, now):
        """Use an address at once, and start DAD (RFC 4862 5.4.2, RFC 4429)."""
        addresses = self.ip.addresses
        if addresses.get(address.value) is not None:
            return
        if len(addresses.list) >= ADDRESSES and not self._make_room(address, now):
            return
        addresses.list.append(address)
        try:
            self.mld.join(solicited_node(address.value), now)
            self._check(address, now)
        except MemoryError:
            self.deadlines.disarm(address)
            addresses.list.remove(address)
            raise

    def _make_room(self, address, now):
        """Evict the least useful autoconfigured address, if it is less useful than this one and not in
        use. An address is as useful as the router that advertises its prefix. After a failed search the
        next one is a second later: otherwise a flood of prefixes would cost a search each."""
        if now < self.full_until:
            return False
        routes = self.ip.routes
        made = [each for each in self.ip.addresses.list if each.made >= 0 and not is_link_local(each.value)]
        made = sorted(made, key=lambda each: routes.usefulness(each.router))
        for each in made:
            if address.made >= 0 and routes.usefulness(each.router) >= routes.usefulness(address.router):
                break
            if not self.host.in_use(each.value):
                self.remove(each, now)
                return True
            self.full_until = now + SECOND
        return False

    def check(self, now):
        """Restart DAD of each address after link up. The addresses stay in use."""
        self.taken = []
        for address in list(self.ip.addresses.list):
            self._check(address, now)

    def _check(self, address, now):
        address.state = OPTIMISTIC
        self.ndp.probe(address)
        # one solicitation, and the timeout for an advertisement
        address.checked_at = now + self.ndp.neighbors.retry
        self.expire(address, now)

    def remove(self, address, now):
        """Remove an address."""
        self.deadlines.disarm(address)
        if address in self.ip.addresses.list:
            self.ip.addresses.list.remove(address)
        self.mld.leave(solicited_node(address.value), now)
        self.host.address_removed(address.value, now)

    def clear(self, now):
        """Remove all addresses silently when the interface stops."""
        while self.ip.addresses.list:
            address = self.ip.addresses.list.pop()
            self.deadlines.disarm(address)
            self.host.address_removed(address.value, now)

    def expire(self, address, now):
        """Handle a deadline of an address: end of DAD, deprecation (5.5.4), succession, end of validity."""
        if address.valid_until <= now:
            return self.remove(address, now)
        if address.checked_at <= now:
            address.checked_at = NEVER
            self.ndp.wake(now)
        if not address.tentative():
            address.state = PREFERRED if address.preferred_until > now else DEPRECATED
        if address.temporary and not address.replaced and address.preferred_until - _REGENERATE <= now:
            self._succeed(address, now)
        self.deadlines.disarm(address)
        self.deadlines.arm(address, self._next(address, now))

    def _next(self, address, now):
        at = min(address.checked_at, address.valid_until)
        if address.temporary and not address.replaced:
            return min(at, address.preferred_until - _REGENERATE)
        return min(at, address.preferred_until) if address.preferred_until > now else at

    def _succeed(self, address, now):
        """Create the next temporary address before this one is deprecated, if its prefix still is
        preferred (RFC 8981 3.5)."""
        address.replaced = True
        for public in self._from(address.value):
            if not public.temporary and public.preferred_until > now + 2 * _REGENERATE:
                self._make_temporary(
                    public.value, 0, public.valid_until, public.preferred_until, now, public.router
                )

    def conflict(self, address, now):
        """Handle a DAD failure (RFC 4862 5.4.5): remove the address. One that does not depend on the MAC
        is replaced."""
        self.interface.log("%s is used by another host" % format_ipv6(address.value), now)
        self.remove(address, now)
        made = address.made + 1
        if 0 < made < _TRIES and address.temporary:
            self._make_temporary(
                address.value, made, address.valid_until, address.preferred_until, now, address.router
            )
        elif 0 < made < _TRIES and self.mode != EUI64:
            prefix = LINK_LOCAL if is_link_local(address.value) else address.value
            self._make(prefix, made, address.valid_until, address.preferred_until, now, address.router)
        elif made and not address.temporary:
            self.taken = [address.value[:8]] + self.taken[: PREFIXES - 1]
