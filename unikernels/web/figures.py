"""What the machine counts: as numbers for the page, and as Prometheus's text format (version 0.0.4)."""

import gc
import sys
import threading
import time

STARTED = time.monotonic()
COUNTERS = {
    "rx_bytes": "Bytes received by the interface.",
    "tx_bytes": "Bytes sent by the interface.",
    "rx_packets": "Frames received by the interface.",
    "tx_packets": "Frames sent by the interface.",
    "rx_dropped": "Received frames that were dropped.",
    "tx_dropped": "Frames to send that were dropped.",
    "TcpActiveOpens": "Connections opened from here.",
    "TcpPassiveOpens": "Connections accepted.",
    "TcpInSegs": "TCP segments received.",
    "TcpOutSegs": "TCP segments sent.",
    "TcpRetransSegs": "TCP segments retransmitted.",
    "TcpInErrs": "TCP segments received with errors.",
}
GAUGES = {"TcpCurrEstab": "Connections that are open."}


def counters() -> dict[str, int]:
    """Return the counters of the network; on CPython the kernel has them, for all programs together."""
    try:
        import mnet
    except ImportError:
        return {}
    return mnet.counters()


def memory() -> tuple[int, int]:
    """Return the bytes of the heap that are in use and all of them; (0, 0) on CPython."""
    if not hasattr(gc, "mem_alloc"):
        return 0, 0
    used = gc.mem_alloc()
    return used, used + gc.mem_free()


def figures() -> dict[str, float]:
    """Return everything by name, for JSON."""
    used, size = memory()
    known = counters()
    found = {name: known[name] for name in (*COUNTERS, *GAUGES) if name in known}
    return {
        "uptime": round(time.monotonic() - STARTED, 3),
        "memory_used": used,
        "memory_size": size,
        "threads": threading.active_count(),
        **found,
    }


def metric(name: str, kind: str, text: str, value: float) -> str:
    bare = name.partition("{")[0]
    return f"# HELP {bare} {text}\n# TYPE {bare} {kind}\n{name} {value}\n"


def snake(name: str) -> str:
    """Return a counter's name as Prometheus spells names: TcpInSegs is tcp_in_segs."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def prometheus(requests: int) -> str:
    """Return the page /metrics."""
    used, size = memory()
    known = counters()
    lines = [
        metric(f'pymnet_info{{runtime="{sys.implementation.name}"}}', "gauge", "The runtime.", 1),
        metric(
            "pymnet_uptime_seconds", "gauge", "Time since the start.", round(time.monotonic() - STARTED, 3)
        ),
        metric("pymnet_http_requests_total", "counter", "Requests served.", requests),
        metric("pymnet_threads", "gauge", "Threads that run.", threading.active_count()),
    ]
    if size:
        lines.append(metric("pymnet_heap_used_bytes", "gauge", "Bytes of the heap in use.", used))
        lines.append(metric("pymnet_heap_size_bytes", "gauge", "Bytes of the heap.", size))
    for names, kind, suffix in ((COUNTERS, "counter", "_total"), (GAUGES, "gauge", "")):
        for name, text in names.items():
            if name in known:
                lines.append(metric(f"pymnet_{snake(name)}{suffix}", kind, text, known[name]))
    return "".join(lines)
