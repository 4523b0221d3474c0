import h2.config
import h2.connection
import h2.events

client = h2.connection.H2Connection(
    config=h2.config.H2Configuration(client_side=True, header_encoding="utf-8")
)
server = h2.connection.H2Connection(
    config=h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
)
client.initiate_connection()
server.initiate_connection()


def exchange():
    seen = []
    for _ in range(4):
        data = client.data_to_send()
        if data:
            seen += [("server", e) for e in server.receive_data(data)]
        data = server.data_to_send()
        if data:
            seen += [("client", e) for e in client.receive_data(data)]
    return seen


exchange()
headers = [(":method", "GET"), (":path", "/"), (":scheme", "http"), (":authority", "a"), ("x-own", "1")]
client.send_headers(1, headers, end_stream=True)
events = exchange()
request = next(e for who, e in events if isinstance(e, h2.events.RequestReceived))
assert dict(request.headers)["x-own"] == "1" and request.stream_id == 1
server.send_headers(1, [(":status", "200"), ("content-type", "text/plain")])
server.send_data(1, b"x" * 1000, end_stream=True)
events = exchange()
assert any(isinstance(e, h2.events.ResponseReceived) for _, e in events)
data = next(e for _, e in events if isinstance(e, h2.events.DataReceived))
assert data.data == b"x" * 1000 and data.flow_controlled_length == 1000
client.ping(b"12345678")
assert any(isinstance(e, h2.events.PingAckReceived) for _, e in exchange())
client.close_connection()
assert any(isinstance(e, h2.events.ConnectionTerminated) for _, e in exchange())
