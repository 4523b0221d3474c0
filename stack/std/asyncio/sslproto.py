# sslproto - there is no TLS yet: what would need it says so, with CPython's words where ssl is missing.


class SSLProtocol:
    """Raises RuntimeError."""

    def __init__(self, loop, app_protocol, sslcontext, waiter, *args, **kwargs):
        raise RuntimeError("Python ssl module is not available")
