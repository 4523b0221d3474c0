# pem - certificates and keys in the text form of RFC 7468.

import binascii

_BEGIN, _END, _DASHES = "-----BEGIN ", "-----END ", "-----"


def blocks(text):
    """Yield (label, the block's text) of each block. ValueError: one that does not end."""
    at = 0
    while True:
        begin = text.find(_BEGIN, at)
        if begin < 0:
            return
        label = text[begin + len(_BEGIN) : text.find(_DASHES, begin + len(_BEGIN))]
        last = _END + label + _DASHES
        end = text.find(last, begin)
        if end < 0 or "\n" in label:
            raise ValueError("a block does not end")
        at = end + len(last)
        yield label, text[begin:at] + "\n"


def der(block):
    """Return the content of a block. ValueError: it is not base64."""
    lines = block.split("\n")
    return binascii.a2b_base64("".join(line.strip() for line in lines if not line.startswith(_DASHES)))


def certificates(text):
    """Return the certificates of a text, DER."""
    return [
        der(block)
        for label, block in blocks(text)
        if label in ("CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE")
    ]


def keys(text):
    """Return the blocks of private keys."""
    return [(label, block) for label, block in blocks(text) if label.endswith("PRIVATE KEY")]
