# host6.py - the parts of IPv6 put together, and what ICMPv6 hands to each.
from ..address6 import gateway_address6, interface_address6
from ..link.ndp import Ndp
from ..timers import NEVER
from ..wire import icmp6 as wire
from .icmp6 import Icmp6
from .icmp6_errors import Errors6
from .ipv6 import Ipv6
from .mld import Mld
from .routers6 import Routers
from .slaac import EUI64, STABLE, STATIC, TEMPORARY, Slaac

OFF = "off"
MODES = (EUI64, STABLE, TEMPORARY, OFF)
_CONFIGURED = 2  # preference of a router: above those that only advertise themselves


def configuration(text, gateway=None):
    """The values of --ipv6= and --ipv6-gateway= for start(): (mode, address, length, gateway). ValueError for
    an address that no host, or no router, can have."""
    mode, address, length = text, None, 64
    if text not in MODES:
        mode = STATIC
        address, length = interface_address6(text)
    return mode, address, length, gateway_address6(gateway, address) if gateway else None


class Host6:
    """IPv6 on one link; silent and deaf until start()."""

    def __init__(self, link, segment, deadlines, stats, env, log):
        self.ip = ip = Ipv6(link, segment, stats, env, deadlines)
        self.errors = ip.errors = Errors6(ip, stats, env.random)
        self.icmp = Icmp6(ip, stats)
        self.mld = Mld(ip, deadlines, stats, env)
        self.ndp = Ndp(ip, deadlines, stats, env, log)
        self.slaac = Slaac(ip, self.ndp, self.mld, deadlines, env, log)
        self.routers = Routers(ip, self.ndp, self.slaac, deadlines, stats)
        self.ndp.neighbors.undelivered = self.icmp.undelivered
        handlers = self.icmp.handlers
        handlers[wire.NEIGHBOR_SOLICITATION] = self.ndp.solicited
        handlers[wire.NEIGHBOR_ADVERTISEMENT] = self.ndp.advertised
        handlers[wire.ROUTER_ADVERTISEMENT] = self.routers.advertised
        handlers[wire.REDIRECT] = self.routers.redirected
        handlers[wire.QUERY] = self.mld.queried
        handlers[wire.REPORT_V1] = self.mld.reported

    def start(self, mode, address, length, gateway, now):
        """Take a link-local address and, as `mode` says, others of our own making or the one that is
        given."""
        if mode == OFF:
            return
        self.ip.enabled = True
        self.slaac.start(mode, now)
        if mode == STATIC:
            self.slaac.add(address, length, now)
        if gateway is not None:
            self.ip.routes.add_router(gateway, NEVER, _CONFIGURED, now)
        self.routers.start(now)

    def link_up(self, now):
        """The link is back, and may be another one: what we know of it is asked again."""
        if not self.ip.enabled:
            return
        for router in self.ip.routes.routers:
            router.silent = router.answers = False
        self.ndp.neighbors.all_stale(now)
        self.mld.again(now)
        self.slaac.check(now)
        self.routers.start(now)
