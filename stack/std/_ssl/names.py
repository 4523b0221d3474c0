# names - of object identifiers (X.520, RFC 5280), with OpenSSL's numbers and names.

_OBJECTS = (
    (129, "serverAuth", "TLS Web Server Authentication", "1.3.6.1.5.5.7.3.1"),
    (130, "clientAuth", "TLS Web Client Authentication", "1.3.6.1.5.5.7.3.2"),
)
# Attributes of names, in OpenSSL's long form.
ATTRIBUTES = {
    "2.5.4.3": "commonName",
    "2.5.4.4": "surname",
    "2.5.4.5": "serialNumber",
    "2.5.4.6": "countryName",
    "2.5.4.7": "localityName",
    "2.5.4.8": "stateOrProvinceName",
    "2.5.4.9": "streetAddress",
    "2.5.4.10": "organizationName",
    "2.5.4.11": "organizationalUnitName",
    "2.5.4.12": "title",
    "2.5.4.15": "businessCategory",
    "2.5.4.17": "postalCode",
    "2.5.4.42": "givenName",
    "2.5.4.97": "organizationIdentifier",
    "0.9.2342.19200300.100.1.1": "userId",
    "0.9.2342.19200300.100.1.25": "domainComponent",
    "1.2.840.113549.1.9.1": "emailAddress",
    "1.3.6.1.4.1.311.60.2.1.1": "jurisdictionLocalityName",
    "1.3.6.1.4.1.311.60.2.1.2": "jurisdictionStateOrProvinceName",
    "1.3.6.1.4.1.311.60.2.1.3": "jurisdictionCountryName",
}


def txt2obj(txt, name=False):
    """Return (number, short name, long name, identifier)."""
    for each in _OBJECTS:
        if txt == each[3] or (name and txt in each[1:3]):
            return each
    raise ValueError("unknown object '%.100s'" % txt)


def nid2obj(nid):
    """Return the same by OpenSSL's number."""
    if nid < 0:
        raise ValueError("NID must be positive")
    for each in _OBJECTS:
        if nid == each[0]:
            return each
    raise ValueError("unknown NID %d" % nid)
