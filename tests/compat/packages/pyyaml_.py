import datetime

import yaml

TEXT = """
# a comment
name: demo
ports: [80, 443]
nested:
  - a: 1
    b: 2.5
  - &x {c: null, d: true}
  - *x
text: |
  two
  lines
folded: >
  one
  line
day: 2024-02-29
"quoted \\u00e9": 'it''s'
hex: 0x1f
"""
data = yaml.safe_load(TEXT)
assert data["name"] == "demo" and data["ports"] == [80, 443]
assert data["nested"][0] == {"a": 1, "b": 2.5}
assert data["nested"][1] is data["nested"][2] and data["nested"][1] == {"c": None, "d": True}
assert data["text"] == "two\nlines\n" and data["folded"] == "one line\n"
assert data["day"] == datetime.date(2024, 2, 29)
assert data["quoted é"] == "it's" and data["hex"] == 31
again = yaml.safe_load(yaml.safe_dump(data))
assert again == data
assert yaml.dump({"b": 1, "a": [1, 2]}, default_flow_style=False) == "a:\n- 1\n- 2\nb: 1\n"
assert list(yaml.safe_load_all("--- 1\n--- 2\n")) == [1, 2]
try:
    yaml.safe_load("a: [1, 2")
    raise AssertionError("no error")
except yaml.YAMLError as error:
    assert "line 1" in str(error), error


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y


yaml.add_representer(Point, lambda dumper, p: dumper.represent_mapping("!point", {"x": p.x, "y": p.y}))
yaml.add_constructor("!point", lambda loader, node: Point(**loader.construct_mapping(node)), yaml.SafeLoader)
text = yaml.dump(Point(1, 2))
point = yaml.safe_load(text)
assert (point.x, point.y) == (1, 2), text
