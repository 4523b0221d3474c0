# certificate - what SSLSocket.getpeercert() tells of a certificate (X.509, RFC 5280), from its DER (X.690).

from .names import ATTRIBUTES

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SUBJECT_ALT_NAME, _AUTHORITY_ACCESS, _CRL_POINTS = "2.5.29.17", "1.3.6.1.5.5.7.1.1", "2.5.29.31"
_OCSP, _CA_ISSUERS = "1.3.6.1.5.5.7.48.1", "1.3.6.1.5.5.7.48.2"
_KINDS = {1: "email", 2: "DNS", 6: "URI"}


def items(data):
    """Return [(tag, content)] of a constructed value. ValueError if it is cut off."""
    found, at = [], 0
    while at < len(data):
        tag, length, at = data[at], data[at + 1] if at + 1 < len(data) else -1, at + 2
        if length >= 0x80:
            count = length & 0x7F
            length, at = int.from_bytes(data[at : at + count], "big"), at + count
        if length < 0 or at + length > len(data):
            raise ValueError("cut off")
        found.append((tag, data[at : at + length]))
        at += length
    return found


def identifier(content):
    """Return an object identifier as text."""
    numbers, number = [], 0
    for byte in content:
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            numbers.append(number)
            number = 0
    first = min(numbers[0] // 40, 2)
    return ".".join(str(each) for each in [first, numbers[0] - 40 * first, *numbers[1:]])


def text(tag, content):
    """Return a string of X.680 section 41."""
    if tag == 0x1E:  # BMPString
        return str(content, "utf-16-be")
    return str(content, "utf-8" if tag == 0x0C else "latin-1")


def name(content):
    """Return a distinguished name: a tuple of tuples of (attribute, value)."""
    made = []
    for _, group in items(content):
        pairs = [items(pair) for _, pair in items(group)]
        made.append(tuple((_attribute(kind[1]), text(*value)) for kind, value in pairs))
    return tuple(made)


def _attribute(content):
    number = identifier(content)
    return ATTRIBUTES.get(number, number)


def date(tag, content):
    """Return a date as OpenSSL prints it: `Jan  5 09:34:43 2018 GMT`."""
    digits = str(content, "ascii")
    if tag == 0x17:  # UTCTime, RFC 5280 4.1.2.5.1
        digits = ("19" if digits[:2] >= "50" else "20") + digits
    month, day = _MONTHS[int(digits[4:6]) - 1], int(digits[6:8])
    clock = ":".join((digits[8:10], digits[10:12], digits[12:14]))
    return "%s %2d %s %s GMT" % (month, day, clock, digits[:4])


def general_name(tag, content):
    """Return (kind, value) of a GeneralName, RFC 5280 4.2.1.6."""
    kind = tag & 0x1F
    if kind in _KINDS:
        return _KINDS[kind], str(content, "latin-1")
    if kind == 4:
        return "DirName", name(items(content)[0][1])
    if kind == 7:
        if len(content) == 4:
            return "IP Address", ".".join(str(byte) for byte in content)
        if len(content) == 16:
            words = ["%X" % int.from_bytes(content[at : at + 2], "big") for at in range(0, 16, 2)]
            return "IP Address", ":".join(words)
        return "IP Address", "<invalid>"
    if kind == 8:
        return "Registered ID", identifier(content)
    return "othername", "<unsupported>"


def _extensions(fields):
    """Return the extensions of a certificate by their identifiers."""
    found = {}
    for tag, content in fields:
        if tag == 0xA3:
            for _, extension in items(items(content)[0][1]):
                parts = items(extension)
                found[identifier(parts[0][1])] = parts[-1][1]
    return found


def _access(content, wanted):
    pairs = [items(pair) for _, pair in items(items(content)[0][1])]
    return tuple(
        str(place[1], "latin-1")
        for kind, place in pairs
        if identifier(kind[1]) == wanted and place[0] == 0x86
    )


def _points(content):
    found = []
    for _, point in items(items(content)[0][1]):
        for tag, names in items(point):
            if tag == 0xA0:
                for inner, full in items(names):
                    found += [
                        str(uri, "latin-1") for kind, uri in items(full) if inner == 0xA0 and kind == 0x86
                    ]
    return tuple(found)


def decoded(der):
    """Return the dict of getpeercert()."""
    fields = items(items(items(der)[0][1])[0][1])
    version = 1
    if fields[0][0] == 0xA0:
        version = 1 + items(fields[0][1])[0][1][0]
        fields = fields[1:]
    serial = fields[0][1].lstrip(b"\0").hex().upper() or "00"
    not_before, not_after = items(fields[3][1])
    found = {
        "subject": name(fields[4][1]),
        "issuer": name(fields[2][1]),
        "version": version,
        "serialNumber": serial,
        "notBefore": date(*not_before),
        "notAfter": date(*not_after),
    }
    extensions = _extensions(fields[6:])
    if _SUBJECT_ALT_NAME in extensions:
        names = items(items(extensions[_SUBJECT_ALT_NAME])[0][1])
        found["subjectAltName"] = tuple(general_name(*each) for each in names)
    if _AUTHORITY_ACCESS in extensions:
        for key, wanted in (("OCSP", _OCSP), ("caIssuers", _CA_ISSUERS)):
            places = _access(extensions[_AUTHORITY_ACCESS], wanted)
            if places:
                found[key] = places
    if _CRL_POINTS in extensions:
        places = _points(extensions[_CRL_POINTS])
        if places:
            found["crlDistributionPoints"] = places
    return found


def is_authority(der):
    """Whether the certificate is that of an authority (basicConstraints, RFC 5280 4.2.1.9)."""
    fields = items(items(items(der)[0][1])[0][1])
    content = _extensions(fields[6:]).get("2.5.29.19")
    if content is None:
        return False
    parts = items(items(content)[0][1])
    return bool(parts) and parts[0] == (1, b"\xff")
