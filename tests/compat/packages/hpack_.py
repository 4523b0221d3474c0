from hpack import Decoder, Encoder, HPACKDecodingError

encoder, decoder = Encoder(), Decoder()
headers = [(":method", "GET"), (":path", "/a"), ("x-long", "v" * 50), ("cookie", "a=1")]
first = encoder.encode(headers)
assert decoder.decode(first) == headers
second = encoder.encode(headers)
assert decoder.decode(second) == headers and len(second) < len(first)
assert Decoder().decode(bytes.fromhex("828684418cf1e3c2e5f23a6ba0ab90f4ff"))[3] == (
    ":authority",
    "www.example.com",
)
try:
    Decoder().decode(b"\xff\xff\xff\xff\xff\xff")
    raise AssertionError("no error")
except HPACKDecodingError:
    pass
