# mib.py - the counters for a program: of an interface by the names of `ip -s link` (RFC 2863), of the
# protocols by those of `nstat` (RFC 4022, 4113, 4293).
from .tcp.states import CLOSE_WAIT, ESTABLISHED

# The drop reasons (stats.py) that a counter sums up.
_DROPS = {
    "IpInHdrErrors": (
        "ipv4_version",
        "ipv4_short",
        "ipv4_length",
        "ipv4_checksum",
        "ipv4_options",
        "ipv4_source_route",
    ),
    "IpInAddrErrors": ("ipv4_not_ours", "ipv4_source"),
    "IpOutNoRoutes": ("ipv4_no_route",),
    "Ip6InHdrErrors": (
        "ipv6_version",
        "ipv6_short",
        "ipv6_length",
        "ipv6_extension_short",
        "ipv6_option",
        "ipv6_option_length",
        "ipv6_too_many_extensions",
        "ipv6_fragment_of_fragment",
    ),
    "Ip6InAddrErrors": ("ipv6_not_ours", "ipv6_source", "ipv6_link_multicast"),
    "Ip6OutNoRoutes": ("ipv6_no_route",),
    "IcmpInErrors": ("icmp_short", "icmp_checksum", "icmp_quote", "icmp_quote_not_ours", "icmp_mtu"),
    "IcmpInCsumErrors": ("icmp_checksum",),
    "Icmp6InErrors": ("icmp6_short", "icmp6_checksum", "icmp6_quote", "icmp6_quote_not_ours", "icmp6_mtu"),
    "Icmp6InCsumErrors": ("icmp6_checksum",),
    "TcpInErrs": ("tcp_header", "tcp_checksum"),
    "TcpInCsumErrors": ("tcp_checksum",),
    "TcpExtSyncookiesSent": ("tcp_syn_cookie",),
    "TcpExtListenOverflows": ("tcp_backlog_full",),
}


def of_interface(interface):
    """Return the counters of an Interface as a dict. rx_errors: frames that are no Ethernet frames;
    rx_dropped: of other protocols and to other hosts, or dropped by a filter; tx_dropped: without room in
    the device, or dropped by a filter. A frame that the device cuts into segments counts once."""
    seg, transmit = interface.segment, interface.transmit
    return {
        "rx_packets": seg.packets + interface.filtered,
        "rx_bytes": seg.bytes + interface.filtered_bytes,
        "rx_errors": interface.rx_errors,
        "rx_dropped": interface.rx_dropped + interface.filtered,
        "multicast": interface.multicast,
        "tx_packets": transmit.packets,
        "tx_bytes": transmit.bytes,
        "tx_errors": 0,  # the device counts them (runner.py)
        "tx_dropped": interface.tx_dropped,
    }


def of_protocols(host):
    """Return the counters of a host's protocols as a dict."""
    stats = host.stats
    found = {}
    for name, reasons in _DROPS.items():
        found[name] = sum([stats.drops.get(reason, 0) for reason in reasons])
    found.update(stats.counters)
    for name, count in stats.counters6.items():
        found[_named6(name)] = count
    for version, counters in ("", stats.icmp), ("6", stats.icmp6):
        _icmp(found, version, counters)
    _ip(found, host)
    _tcp(found, host)
    return found


def _named6(name):
    """Return the name of an IPv6 counter: Udp6NoPorts for UdpNoPorts."""
    at = 3 if name.startswith("Udp") else 2
    return name[:at] + "6" + name[at:]


def _icmp(found, version, counters):
    """By type, as IcmpMsgInType8, Icmp6InType128: `counters` has (sent, type)."""
    totals = [0, 0]
    for (sent, kind), count in counters.items():
        way = "Out" if sent else "In"
        found["Icmp%s%s%sType%d" % (version, "" if version else "Msg", way, kind)] = count
        totals[sent] += count
    found["Icmp%sInMsgs" % version], found["Icmp%sOutMsgs" % version] = totals


def _ip(found, host):
    """Packets of both versions. What the fast path processes is what was parsed and not passed on."""
    for version, counters in ("", host.stats.counters), ("6", host.stats.counters6):
        fast, sent = 0, 0
        for each in host.all_interfaces():
            six = version == "6"
            fast += _predicted(each, six)
            sent += each.transmit.ipv6 if six else each.transmit.ipv4
        found["Ip%sInReceives" % version] = counters["IpInReceives"] + fast
        delivered = counters["IpInDelivers"] - counters["IpInUnknownProtos"]
        found["Ip%sInDelivers" % version] = delivered + fast
        fragments = found["Ip%sFragCreates" % version] - found["Ip%sFragOKs" % version]
        found["Ip%sOutRequests" % version] = sent - fragments
        found["Ip%sOutTransmits" % version] = sent


def _predicted(interface, six):
    if six:
        return interface.segment.ipv6 - interface.unpredicted6
    return interface.segment.ipv4 - interface.unpredicted4


def _tcp(found, host):
    stats = host.stats
    received, sent = stats.counters["TcpInSegs"], 0
    for each in host.all_interfaces():
        received += _predicted(each, False) + _predicted(each, True)
        sent += each.transmit.segments
    retransmitted = stats.tcp_retransmitted + stats.counters["TcpRetransSegs"]
    found["TcpInSegs"] = received
    found["TcpOutSegs"] = sent - retransmitted  # RFC 4022: not counting retransmissions
    found["TcpRetransSegs"] = retransmitted
    established = 0
    for connections in host.tcp.ports.values():
        for tcb in connections.values():
            established += tcb.state in (ESTABLISHED, CLOSE_WAIT)
    found["TcpCurrEstab"] = established
