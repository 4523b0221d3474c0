# hashlib - CPython's, over the hash functions in C (port/hash). There is no scrypt().

import _hashes
from _hashes import blake2b, blake2s

_NAMES = (
    "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b", "blake2s", "sha3_224", "sha3_256",
    "sha3_384", "sha3_512", "shake_128", "shake_256",
)  # fmt: skip
_AT_ONCE = 4096  # iterations of PBKDF2 between two looks at the network

algorithms_guaranteed = set(_NAMES)
algorithms_available = set(_NAMES)
__all__ = _NAMES + ("new", "algorithms_guaranteed", "algorithms_available", "pbkdf2_hmac", "file_digest")


def _constructor(name):
    make = _hashes.new

    def openssl(string=b"", *, usedforsecurity=True):
        return make(name, string)

    openssl.__name__ = "openssl_" + name
    return openssl


md5 = _constructor("md5")
sha1 = _constructor("sha1")
sha224 = _constructor("sha224")
sha256 = _constructor("sha256")
sha384 = _constructor("sha384")
sha512 = _constructor("sha512")
sha3_224 = _constructor("sha3_224")
sha3_256 = _constructor("sha3_256")
sha3_384 = _constructor("sha3_384")
sha3_512 = _constructor("sha3_512")
shake_128 = _constructor("shake_128")
shake_256 = _constructor("shake_256")


def new(name, data=b"", **kwargs):
    """Return a new hash object of the function of that name, which has taken in `data`."""
    if name == "blake2b":
        return blake2b(data, **kwargs)
    if name == "blake2s":
        return blake2s(data, **kwargs)
    kwargs.pop("usedforsecurity", None)
    if kwargs:
        raise TypeError("new() got an unexpected keyword argument '%s'" % list(kwargs)[0])
    if not isinstance(name, str):
        raise TypeError("new() argument 'name' must be str, not %s" % type(name).__name__)
    plain = name.lower()
    for known in (plain, plain.replace("-", "_"), plain.replace("-", "")):  # SHA3-256, SHA-256
        if known in algorithms_guaranteed:
            return _hashes.new(known, data)
    raise ValueError("unsupported hash type " + name)


def pbkdf2_hmac(hash_name, password, salt, iterations, dklen=None):
    """Derive a key from a password (RFC 8018 5.2)."""
    if not isinstance(hash_name, str):
        raise TypeError("pbkdf2_hmac() argument 'hash_name' must be str, not %s" % type(hash_name).__name__)
    inner, outer = _hmac_pair(hash_name, bytes(memoryview(password)))
    if iterations < 1:
        raise ValueError("iteration value must be greater than 0.")
    size = inner.digest_size
    if dklen is None:
        dklen = size
    if dklen < 1:
        raise ValueError("key length must be greater than 0.")
    salt = bytes(memoryview(salt))
    key = b""
    while len(key) < dklen:
        first = inner.copy()
        block = len(key) // size + 1
        first.update(salt + bytes([block >> 24 & 255, block >> 16 & 255, block >> 8 & 255, block & 255]))
        last = outer.copy()
        last.update(first.digest())
        u = bytearray(last.digest())
        total = bytearray(u)
        for done in range(1, iterations, _AT_ONCE):
            _hashes.pbkdf2(inner, outer, u, total, min(_AT_ONCE, iterations - done))
        key += total
    return key[:dklen]


def _hmac_pair(name, key):
    """The two hashes of HMAC, which have taken in the key (RFC 2104)."""
    inner, outer = new(name), new(name)
    if not inner.digest_size or name[:5] == "blake":
        raise ValueError("unsupported hash type " + name)
    block = inner.block_size
    if len(key) > block:
        key = new(name, key).digest()
    key += bytes(block - len(key))
    inner.update(bytes([each ^ 0x36 for each in key]))
    outer.update(bytes([each ^ 0x5C for each in key]))
    return inner, outer


def file_digest(fileobj, digest, *, _bufsize=1 << 14):
    """Return a hash object that has taken in the rest of a binary file."""
    hasher = new(digest) if isinstance(digest, str) else digest()
    if hasattr(fileobj, "getbuffer"):
        hasher.update(fileobj.getbuffer())
        return hasher
    if not (hasattr(fileobj, "readinto") and (not hasattr(fileobj, "readable") or fileobj.readable())):
        raise ValueError("'%r' is not a file-like object in binary reading mode." % (fileobj,))
    buffer = bytearray(_bufsize)
    view = memoryview(buffer)
    while True:
        size = fileobj.readinto(buffer)
        if not size:
            return hasher
        hasher.update(view[:size])
