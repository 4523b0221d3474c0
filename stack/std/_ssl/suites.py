# suites - the cipher suites, by their numbers (IANA), with OpenSSL's names, and OpenSSL's lists of them.

from .errors import SSLError

DEFAULT_CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"

# number: name, version, bits, key exchange, authentication, encryption
SUITES = {
    0x1302: ("TLS_AES_256_GCM_SHA384", "TLSv1.3", 256, "any", "any", "AESGCM"),
    0x1303: ("TLS_CHACHA20_POLY1305_SHA256", "TLSv1.3", 256, "any", "any", "CHACHA20"),
    0x1301: ("TLS_AES_128_GCM_SHA256", "TLSv1.3", 128, "any", "any", "AESGCM"),
    0xC02C: ("ECDHE-ECDSA-AES256-GCM-SHA384", "TLSv1.2", 256, "ECDHE", "ECDSA", "AESGCM"),
    0xC030: ("ECDHE-RSA-AES256-GCM-SHA384", "TLSv1.2", 256, "ECDHE", "RSA", "AESGCM"),
    0xC02B: ("ECDHE-ECDSA-AES128-GCM-SHA256", "TLSv1.2", 128, "ECDHE", "ECDSA", "AESGCM"),
    0xC02F: ("ECDHE-RSA-AES128-GCM-SHA256", "TLSv1.2", 128, "ECDHE", "RSA", "AESGCM"),
    0xCCA9: ("ECDHE-ECDSA-CHACHA20-POLY1305", "TLSv1.2", 256, "ECDHE", "ECDSA", "CHACHA20"),
    0xCCA8: ("ECDHE-RSA-CHACHA20-POLY1305", "TLSv1.2", 256, "ECDHE", "RSA", "CHACHA20"),
}
ALL = tuple(SUITES)
_EVERY = {
    "ALL",
    "DEFAULT",
    "HIGH",
    "COMPLEMENTOFDEFAULT",
    "TLSv1.2",
    "FIPS",
    "AEAD",
    "kEECDH",
    "kECDHE",
    "EECDH",
}
# OpenSSL's words for the same; RSA alone is the key exchange, which no suite has.
_SAME = {"AES": "AESGCM", "aRSA": "RSA", "aECDSA": "ECDSA", "RSA": ""}


def _is_in(number, word):
    """Whether a word of OpenSSL's ciphers(1) names the suite."""
    name, _, bits, *kinds = SUITES[number]
    word = _SAME.get(word, word)
    is_aes = word in ("AES128", "AES256") and "AES" in name
    return word in _EVERY or word == name or word in kinds or (is_aes and word[3:] == str(bits))


def chosen(text):
    """Return the suites of a cipher list of OpenSSL; those of TLS 1.3 are always there."""
    if not isinstance(text, str):
        raise TypeError("argument must be str, not %s" % type(text).__name__)
    found, never = [], set()
    for item in text.replace(",", ":").replace(" ", ":").split(":"):
        if not item or item[0] == "@":
            continue
        sign = item[0] if item[0] in "!-+" else ""
        words = item[len(sign) :].split("+")
        named = [each for each in ALL[3:] if all(_is_in(each, word) for word in words)]
        if sign == "":
            found += [each for each in named if each not in found and each not in never]
        else:
            found = [each for each in found if each not in named]
            found += named if sign == "+" else []
            never |= set(named) if sign == "!" else set()
    if not found:
        raise SSLError("No cipher can be selected.")
    return ALL[:3] + tuple(found)


def described(number):
    """Return (name, version, bits)."""
    return SUITES[number][:3]


def details(number):
    """Return what SSLContext.get_ciphers() has of a suite."""
    name, version, bits, exchange, authentication, encryption = SUITES[number]
    cipher = "chacha20-poly1305" if encryption == "CHACHA20" else "aes-%d-gcm" % bits
    return {
        "id": 0x3000000 | number,
        "name": name,
        "protocol": version,
        "description": "%s %s Kx=%s Au=%s Enc=%s(%d) Mac=AEAD"
        % (name, version, exchange, authentication, encryption, bits),
        "strength_bits": bits,
        "alg_bits": bits,
        "aead": True,
        "symmetric": cipher,
        "digest": None,
        "kea": "kx-any" if exchange == "any" else "kx-ecdhe",
        "auth": "auth-any" if authentication == "any" else "auth-" + authentication.lower(),
    }
