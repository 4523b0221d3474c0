from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Ping, Pong, Request, TextMessage

client, server = WSConnection(ConnectionType.CLIENT), WSConnection(ConnectionType.SERVER)
server.receive_data(client.send(Request(host="a", target="/chat", subprotocols=["x"])))
[request] = server.events()
assert isinstance(request, Request) and request.target == "/chat" and request.subprotocols == ["x"]
client.receive_data(server.send(AcceptConnection(subprotocol="x")))
[accepted] = client.events()
assert isinstance(accepted, AcceptConnection) and accepted.subprotocol == "x"
server.receive_data(
    client.send(TextMessage(data="hello é"))
    + client.send(BytesMessage(data=b"\0\1"))
    + client.send(Ping(payload=b"p"))
)
text, data, ping = server.events()
assert text.data == "hello é" and bytes(data.data) == b"\0\1" and bytes(ping.payload) == b"p"
client.receive_data(server.send(ping.response()))
[pong] = client.events()
assert isinstance(pong, Pong)
server.receive_data(client.send(CloseConnection(code=1000, reason="bye")))
[close] = server.events()
assert close.code == 1000 and close.reason == "bye"
client.receive_data(server.send(close.response()))
assert [each.code for each in client.events()] == [1000]
assert client.state.name == "CLOSED"
