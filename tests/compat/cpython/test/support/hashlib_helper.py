# What the tests of hmac use: every hash is there.


def requires_hashdigest(digestname, openssl=None, usedforsecurity=True):
    return lambda test: test
