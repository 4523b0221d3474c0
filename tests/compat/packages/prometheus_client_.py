import urllib.request

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    Summary,
    generate_latest,
    start_http_server,
)

registry = CollectorRegistry()
requests = Counter("requests_total", "All requests.", ["method"], registry=registry)
requests.labels("get").inc()
requests.labels(method="get").inc(2)
gauge = Gauge("temperature", "In degrees.", registry=registry)
gauge.set(21.5)
histogram = Histogram("latency_seconds", "Of requests.", buckets=(0.1, 1), registry=registry)
histogram.observe(0.5)
with histogram.time():
    pass
summary = Summary("size_bytes", "Of answers.", registry=registry)
summary.observe(10)
Info("build", "About.", registry=registry).info({"version": "1"})


@gauge.track_inprogress()
def work():
    return gauge._value.get()


assert work() == 22.5
text = generate_latest(registry).decode()
for line in (
    'requests_total{method="get"} 3.0',
    "temperature 21.5",
    'latency_seconds_bucket{le="1.0"} 2.0',
    "size_bytes_sum 10.0",
    'build_info{version="1"} 1.0',
    "# TYPE latency_seconds histogram",
):
    assert line in text.splitlines(), text
server, thread = start_http_server(9111, "127.0.0.1", registry)
with urllib.request.urlopen("http://127.0.0.1:9111/metrics", timeout=5) as answer:
    assert b"temperature 21.5" in answer.read()
server.shutdown()
thread.join()
