import h11

client, server = h11.Connection(our_role=h11.CLIENT), h11.Connection(our_role=h11.SERVER)
data = client.send(
    h11.Request(method="POST", target="/x", headers=[("Host", "a"), ("Transfer-Encoding", "chunked")])
)
data += client.send(h11.Data(data=b"hello")) + client.send(h11.EndOfMessage())
for index in range(0, len(data), 7):
    server.receive_data(data[index : index + 7])
event = server.next_event()
assert type(event) is h11.Request and event.method == b"POST" and event.target == b"/x", event
body = b""
while True:
    event = server.next_event()
    if type(event) is h11.EndOfMessage:
        break
    body += event.data
assert body == b"hello"
reply = server.send(h11.Response(status_code=200, headers=[("Content-Length", "2")]))
reply += server.send(h11.Data(data=b"ok")) + server.send(h11.EndOfMessage())
client.receive_data(reply)
response = client.next_event()
assert (
    response.status_code == 200
    and response.http_version == b"1.1"
    and list(response.headers) == [(b"content-length", b"2")]
)
assert client.next_event() == h11.Data(data=bytearray(b"ok"))
assert type(client.next_event()) is h11.EndOfMessage
assert client.our_state is h11.DONE and server.our_state is h11.DONE
client.start_next_cycle()
try:
    server.start_next_cycle()
    server.receive_data(b"BAD\r\n\r\n")
    server.next_event()
    raise AssertionError("no error")
except h11.RemoteProtocolError as error:
    assert error.error_status_hint == 400
