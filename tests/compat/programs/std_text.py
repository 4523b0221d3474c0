# argparse, configparser, csv, string, textwrap, tomllib, html, ipaddress, difflib, shlex.
import argparse
import configparser
import csv
import difflib
import html.parser
import io
import ipaddress
import string
import textwrap
import tomllib

parser = argparse.ArgumentParser(prog="serve", description="A server.")
parser.add_argument("host")
parser.add_argument("-p", "--port", type=int, default=80, metavar="N", help="port (default: %(default)s)")
group = parser.add_mutually_exclusive_group()
group.add_argument("-v", action="count", default=0)
group.add_argument("-q", action="store_true")
commands = parser.add_subparsers(dest="command")
commands.add_parser("run", help="run it").add_argument("names", nargs="+")
found = parser.parse_args(["::1", "-vv", "--port=90", "run", "a", "b"])
assert vars(found) == {"host": "::1", "port": 90, "v": 2, "q": False, "command": "run", "names": ["a", "b"]}
text = parser.format_help()
assert text.startswith("usage: serve [-h] [-p N] [-v | -q] host {run}") and "port (default: 80)" in text
try:
    parser.exit_on_error = False
    parser.parse_args(["--port", "x"])
except (argparse.ArgumentError, SystemExit) as error:
    assert "invalid int value: 'x'" in str(error)

config = configparser.ConfigParser()
config.read_string(
    "[DEFAULT]\nroot = /srv\n[web]\nport = 80\nfiles = %(root)s/www\nlong = a\n  b\non = yes\n"
)
assert (
    config["web"]["files"] == "/srv/www"
    and config.getint("web", "port") == 80
    and config["web"].getboolean("on")
)
assert (
    config["web"]["long"] == "a\nb"
    and config.get("web", "none", fallback="x") == "x"
    and config.sections() == ["web"]
)
try:
    config.get("web", "none")
except configparser.NoOptionError as error:
    assert str(error) == "No option 'none' in section: 'web'"

out = io.StringIO()
writer = csv.DictWriter(out, ["a", "b"])
writer.writeheader()
writer.writerow({"a": 'x"y', "b": "1,2"})
assert out.getvalue() == 'a,b\r\n"x""y","1,2"\r\n'
assert list(csv.DictReader(io.StringIO(out.getvalue()))) == [{"a": 'x"y', "b": "1,2"}]
assert list(csv.reader(["a;'b;c'"], delimiter=";", quotechar="'")) == [["a", "b;c"]]
assert csv.Sniffer().sniff("a;b;c\n1;2;3\n4;5;6\n").delimiter == ";"

assert string.Template("$who owes ${what}$$").substitute(who="tim", what=1) == "tim owes 1$"
assert string.Formatter().format("{0:>4}|{x[1]!r}|{y.real}", 7, x=["a", "b"], y=1) == "   7|'b'|1"
assert string.capwords("a bC d") == "A Bc D"
assert (
    textwrap.fill("the quick brown fox", 10, initial_indent="* ", subsequent_indent="  ")
    == "* the\n  quick\n  brown\n  fox"
)

document = tomllib.loads(
    'title = "x"\n[a.b]\nn = 0x10\nf = 1e3\nd = 2024-02-29T12:30:00Z\nl = [1, {k = "v"}]\n'
)
assert document["a"]["b"]["n"] == 16 and document["a"]["b"]["d"].isoformat() == "2024-02-29T12:30:00+00:00"
assert document["a"]["b"]["l"] == [1, {"k": "v"}]
try:
    tomllib.loads("a = ")
except tomllib.TOMLDecodeError as error:
    assert str(error) == "Invalid value (at end of document)"


class Links(html.parser.HTMLParser):
    def handle_starttag(self, tag, attrs):
        links.append((tag, dict(attrs).get("href")))

    def handle_data(self, data):
        links.append(data)


links = []
Links().feed('<p>A &amp; <a href="/x?a=1&amp;b">b</a>')
assert links == [("p", None), "A & ", ("a", "/x?a=1&b"), "b"]

net = ipaddress.ip_network("10.0.0.0/30")
assert [str(each) for each in net.hosts()] == ["10.0.0.1", "10.0.0.2"] and ipaddress.ip_address(
    "10.0.0.3"
) in net
assert (
    ipaddress.ip_address("2001:db8::1").exploded.startswith("2001:0db8:0000")
    and ipaddress.ip_address("::1").is_loopback
)
assert str(ipaddress.ip_interface("fe80::1%eth0/64").network) == "fe80::/64"
assert list(ipaddress.ip_network("10.0.0.0/23").subnets())[1] == ipaddress.ip_network("10.0.1.0/24")

lines = list(difflib.unified_diff(["a\n", "b\n"], ["a\n", "c\n"], "x", "y"))
assert lines[2:] == ["@@ -1,2 +1,2 @@\n", " a\n", "-b\n", "+c\n"]
assert difflib.get_close_matches("appel", ["ape", "apple", "peach"]) == ["apple", "ape"]
