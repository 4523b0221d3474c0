import socket
import threading

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rdatatype
import dns.resolver
import dns.reversename
import dns.rrset
import dns.zone

name = dns.name.from_text("www.Example.com.")
assert str(name) == "www.Example.com." and name == dns.name.from_text("WWW.example.COM.")
assert name.is_subdomain(dns.name.from_text("example.com"))
assert str(dns.reversename.from_address("192.0.2.1")) == "1.2.0.192.in-addr.arpa."
zone = dns.zone.from_text(
    "@ 3600 IN SOA ns hostmaster 1 2 3 4 5\n@ NS ns\nns A 192.0.2.1\nwww AAAA 2001:db8::1\nm MX 10 mail\n",
    origin="example.org.",
)
assert str(zone.find_rdataset("www", "AAAA")[0]) == "2001:db8::1"
query = dns.message.make_query("example.com", "MX", use_edns=True)
wire = query.to_wire()
parsed = dns.message.from_wire(wire)
assert parsed.id == query.id and parsed.question[0].rdtype == dns.rdatatype.MX


def serve(sock):
    for _ in range(2):
        data, peer = sock.recvfrom(4096)
        question = dns.message.from_wire(data)
        answer = dns.message.make_response(question)
        answer.answer.append(
            dns.rrset.from_text(question.question[0].name, 60, "IN", "A", "192.0.2.7", "192.0.2.8")
        )
        sock.sendto(answer.to_wire(), peer)


server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
port = server.getsockname()[1]
thread = threading.Thread(target=serve, args=(server,))
thread.start()
answer = dns.query.udp(dns.message.make_query("a.example", "A"), "127.0.0.1", port=port, timeout=5)
assert sorted(str(each) for each in answer.answer[0]) == ["192.0.2.7", "192.0.2.8"]
resolver = dns.resolver.Resolver(configure=False)
resolver.nameservers, resolver.port = ["127.0.0.1"], port
found = resolver.resolve("b.example", "A", lifetime=5)
assert sorted(each.address for each in found) == ["192.0.2.7", "192.0.2.8"]
thread.join()
server.close()
