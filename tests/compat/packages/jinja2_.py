from jinja2 import (
    DictLoader,
    Environment,
    StrictUndefined,
    Template,
    TemplateSyntaxError,
    UndefinedError,
    select_autoescape,
)

assert Template("Hello {{ name }}!").render(name="World") == "Hello World!"
env = Environment(
    loader=DictLoader(
        {
            "base.html": "<title>{% block title %}x{% endblock %}</title>{% block body %}{% endblock %}",
            "page.html": "{% extends 'base.html' %}{% block title %}{{ super() }}-{{ t }}{% endblock %}"
            "{% block body %}{% for i in items if i %}{{ loop.index }}:{{ i|e }}{{ ',' if not loop.last }}{% else %}none{% endfor %}{% endblock %}",
            "macro.html": "{% macro f(a, b=2) %}{{ a }}-{{ b }}{% endmacro %}{{ f(1) }} {{ f('<', b=3) }}",
            "use.html": "{% from 'macro.html' import f with context %}{{ f(7) }}{% set x = [1, 2, 3] %}{{ x|sum }}",
        }
    ),
    autoescape=select_autoescape(["html"]),
    trim_blocks=True,
)
assert (
    env.get_template("page.html").render(t="<", items=[1, 0, "<b>"]) == "<title>x-&lt;</title>1:1,2:&lt;b&gt;"
)
assert env.get_template("page.html").render(t="", items=[]) == "<title>x-</title>none"
assert env.get_template("macro.html").render() == "1-2 &lt;-3"
assert env.get_template("use.html").render() == "7-26"
env.filters["twice"] = lambda value: value * 2
env.globals["now"] = lambda: 5
assert (
    env.from_string("{{ 'a'|twice }}{{ now() + 1 }}{{ 7 // 2 }}{{ 'b' ~ 1 }}{{ x is defined }}").render()
    == "aa63b1False"
)
assert (
    env.from_string("{{ {'a': [1, {'b': 'c'}]}.a[1].b }}{{ 'x,y'.split(',')|join('+') }}").render() == "cx+y"
)
assert Template("{% raw %}{{ x }}{% endraw %}{# no #}").render() == "{{ x }}"
strict = Environment(undefined=StrictUndefined)
try:
    strict.from_string("{{ missing }}").render()
    raise AssertionError("no error")
except UndefinedError as error:
    assert "'missing' is undefined" in str(error), error
try:
    Template("{% for x in %}")
    raise AssertionError("no error")
except TemplateSyntaxError as error:
    assert error.lineno == 1
assert "".join(Template("a{% for x in 'bc' %}{{ x }}{% endfor %}").generate()) == "abc"
assert (
    env.from_string("{{ [3,1,2]|sort|map('string')|list }}").render()
    == "[&#39;1&#39;, &#39;2&#39;, &#39;3&#39;]"
)
assert (
    env.from_string("{{ users|groupby('age')|length }}|{{ '%.2f'|format(1.5) }}").render(
        users=[{"age": 1}, {"age": 2}]
    )
    == "2|1.50"
)
