# json: reading is strict and says where it failed; writing has all options. The same here as on CPython.
import json
from collections import OrderedDict, namedtuple

from support import raises

WRONG = (
    ("", "Expecting value", 0),
    ('{"a":1', "Expecting ',' delimiter", 6),
    ('{"a":1,}', "Expecting property name enclosed in double quotes", 7),
    ('{"a" 1}', "Expecting ':' delimiter", 5),
    ("[1,]", "Expecting value", 3),
    ("[1]]", "Extra data", 3),
    ("[1}", "Expecting ',' delimiter", 2),
    ("01", "Extra data", 1),
    ("-", "Expecting value", 0),
    ("nul", "Expecting value", 0),
    ('"abc', "Unterminated string starting at", 0),
    ('"a\nb"', "Invalid control character at", 2),
    ('"\\u12G4"', "Invalid \\uXXXX escape", 2),
    ('["é", x]', "Expecting value", 6),
)


def test_a_wrong_document_is_an_error_with_its_position():
    for document, message, position in WRONG:
        error = raises(json.JSONDecodeError, json.loads, document)
        assert (error.msg, error.pos) == (message, position), document
        assert isinstance(error, ValueError)
    error = raises(json.JSONDecodeError, json.loads, "\n\n [1,\n x]")
    assert str(error) == "Expecting value: line 4 column 2 (char 8)"


def test_documents_are_read():
    assert json.loads(' {"a": [1, -0.5e1, true, null], "b": {}} ') == {"a": [1, -5.0, True, None], "b": {}}
    assert json.loads('"\\ud83d\\ude00\\u00e9\\/\\n"') == "😀é/\n"
    assert json.loads(b'"\xc3\xa9"') == json.loads(bytearray(b'"\xc3\xa9"')) == "é"
    assert json.loads("123456789012345678901234567890") == 123456789012345678901234567890
    assert list(json.loads('{"z": 1, "a": 2, "m": 3}')) == ["z", "a", "m"]


def test_hooks_choose_the_values():
    document = '{"a": {"b": 1.5}, "c": [1, NaN]}'
    read = json.loads(document, object_hook=len, parse_float=str, parse_int=str, parse_constant=len)
    assert read == 2
    assert json.loads('{"b":1,"a":2,"b":3}', object_pairs_hook=list) == [("b", 1), ("a", 2), ("b", 3)]
    assert json.JSONDecoder().raw_decode('["é",1] tail') == (["é", 1], 7)


def test_depth_is_bounded():
    raises(RuntimeError, json.loads, "[" * 100_000)
    deep = json.loads("[" * 500 + "]" * 500)
    for _ in range(499):
        (deep,) = deep
    assert deep == []


Point = namedtuple("Point", "x y")


class Numbers(list):
    pass


def test_values_are_written():
    for value, document in (
        ({"b": [1, 2.5, True, None], "a": {}}, '{"b": [1, 2.5, true, null], "a": {}}'),
        ('é\u2028😀\x7f\n"\\', '"\\u00e9\\u2028\\ud83d\\ude00\\u007f\\n\\"\\\\"'),
        (Point(1, 2), "[1, 2]"),
        (Numbers([1]), "[1]"),
        ({1: 2, None: 3, 1.5: 5}, '{"1": 2, "null": 3, "1.5": 5}'),
        (OrderedDict([("z", 1), ("a", 2)]), '{"z": 1, "a": 2}'),
        (float("inf"), "Infinity"),
    ):
        assert json.dumps(value) == document


def test_options_of_writing():
    value = {"b": [1, "é"], "a": []}
    assert json.dumps(value, indent=1) == '{\n "b": [\n  1,\n  "\\u00e9"\n ],\n "a": []\n}'
    assert json.dumps(value, separators=(",", ":"), sort_keys=True) == '{"a":[],"b":[1,"\\u00e9"]}'
    assert json.dumps(value, ensure_ascii=False) == '{"b": [1, "é"], "a": []}'
    assert json.dumps({(1, 2): 1, "a": 2}, skipkeys=True) == '{"a": 2}'
    assert json.dumps([object], default=lambda o: {"x": [1]}, indent=1) == '[\n {\n  "x": [\n   1\n  ]\n }\n]'


class Encoder(json.JSONEncoder):
    def default(self, o):
        return "x" if isinstance(o, set) else super().default(o)


def test_what_json_cannot_express_is_an_error():
    circle = []
    circle.append({"a": circle})
    raises(ValueError, json.dumps, circle)
    raises(TypeError, json.dumps, {(1, 2): 1})
    raises(TypeError, json.dumps, b"x")
    raises(ValueError, lambda: json.dumps(float("nan"), allow_nan=False))
    assert json.dumps([set()], cls=Encoder) == '["x"]'
    raises(TypeError, Encoder().encode, b"x")
