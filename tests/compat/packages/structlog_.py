import io
import logging

import structlog

out = io.StringIO()
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(sort_keys=True),
    ],
    wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    logger_factory=structlog.PrintLoggerFactory(out),
)
log = structlog.get_logger().bind(user="bob")
log.info("hello", n=1)
log.debug("not shown")
structlog.contextvars.bind_contextvars(request=7)
log.warning("with context")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("failed")
lines = out.getvalue().splitlines()
assert lines[0] == '{"event": "hello", "level": "info", "n": 1, "user": "bob"}', lines
assert lines[1] == '{"event": "with context", "level": "warning", "request": 7, "user": "bob"}', lines
assert "ZeroDivisionError" in lines[2] and len(lines) == 3
render = structlog.dev.ConsoleRenderer(colors=False)
assert "event='x'" not in render(None, "info", {"event": "x", "a": 1}) and "a=1" in render(
    None, "info", {"event": "x", "a": 1}
)
with structlog.testing.capture_logs() as logs:
    structlog.get_logger().info("caught", x=1)
assert logs == [{"event": "caught", "x": 1, "log_level": "info"}], logs
