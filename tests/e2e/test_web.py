"""The application web: microdot from PyPI serves a page, its files, JSON and Prometheus's text format."""

import http.client
import json
import re
import socket
from collections.abc import Iterator

import pytest
from e2e import lab, peers

from host.net import netns, tap
from host.paths import UNIKERNELS
from host.run.guest import Guest

PORT = 8080
STATIC = UNIKERNELS / "web" / "static"
SAMPLE = re.compile(r'[a-z_]+(\{[a-z]+="[^"]*"\})? [0-9.]+')


@pytest.fixture(scope="module")
def web(network_obstacle: str) -> Iterator[Guest]:
    if network_obstacle:
        pytest.skip(network_obstacle)
    lab.build("web")
    with netns.Namespace(), tap.tap("tap0", f"{lab.HOST}/24"), lab.server(name="web") as guest:
        yield guest


def get(path: str) -> tuple[int, str, bytes]:
    """Return status, type and content."""
    connection = http.client.HTTPConnection(lab.GUEST, PORT, timeout=peers.TIMEOUT)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.headers["Content-Type"], response.read()
    finally:
        connection.close()


def test_the_page_and_its_files(web: Guest) -> None:
    assert get("/") == (200, "text/html; charset=utf-8", (STATIC / "index.html").read_bytes())
    assert get("/static/app.js") == (200, "text/javascript", (STATIC / "app.js").read_bytes())
    assert get("/static/style.css") == (200, "text/css", (STATIC / "style.css").read_bytes())


def test_figures_go_on(web: Guest) -> None:
    before, after = (json.loads(get("/api/figures")[2]) for _ in range(2))
    assert after["requests"] == before["requests"] + 1
    assert after["uptime"] > before["uptime"] > 0
    assert after["rx_bytes"] > before["rx_bytes"] and after["TcpPassiveOpens"] > before["TcpPassiveOpens"]
    assert 0 < after["memory_used"] < after["memory_size"] <= 64 << 20


def test_metrics_are_prometheus_text(web: Guest) -> None:
    status, kind, content = get("/metrics")
    assert (status, kind) == (200, "text/plain; version=0.0.4; charset=utf-8")
    lines = content.decode().splitlines()
    samples = [line for line in lines if not line.startswith("#")]
    assert len(samples) > 12 and len(lines) == 3 * len(samples)
    assert all(SAMPLE.fullmatch(line) for line in samples), samples
    assert "pymnet_tcp_curr_estab 1" in samples


@pytest.mark.parametrize(
    "path", ["/nothing", "/static/none.js", "/static/../main.py", "/static/%2e%2e/main.py"]
)
def test_what_is_not_there(web: Guest, path: str) -> None:
    status, _, content = get(path)
    assert (status, json.loads(content)) == (404, {"error": "not found"})


@pytest.mark.parametrize(
    "data",
    [b"\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/1.1\r\n" + b"a" * 70000],
    ids=["empty", "short", "tls", "long"],
)
def test_garbage_ends_its_own_connection(web: Guest, data: bytes) -> None:
    with peers.connect(lab.GUEST, PORT) as sock:
        try:
            sock.sendall(data)
            sock.shutdown(socket.SHUT_WR)
            while sock.recv(65536):
                pass
        except ConnectionError:
            pass
    assert get("/api/figures")[0] == 200
