import six
from six.moves import queue, range, urllib
from six.moves.urllib.parse import urlencode

assert six.PY3 and not six.PY2 and six.text_type is str
assert six.ensure_binary("é") == b"\xc3\xa9" and six.ensure_str(b"a") == "a"
assert list(six.iteritems({"a": 1})) == [("a", 1)]


class Meta(type):
    def __new__(cls, name, bases, body):
        body["made"] = True
        return super().__new__(cls, name, bases, body)


class A(six.with_metaclass(Meta, dict)):
    pass


@six.add_metaclass(Meta)
class B:
    pass


assert A.made and B.made and isinstance(A(), dict)
assert urlencode({"a": "b c"}) == "a=b+c" and urllib.parse.urlparse("http://x/y").path == "/y"
assert queue.Queue().empty()
try:
    try:
        raise KeyError("a")
    except KeyError as error:
        six.raise_from(ValueError("b"), error)
except ValueError as error:
    assert isinstance(error.__cause__, KeyError)
out = six.StringIO()
six.print_("x", "y", sep="-", file=out)
assert out.getvalue() == "x-y\n"
assert six.b("a") == b"a" and six.int2byte(65) == b"A"
