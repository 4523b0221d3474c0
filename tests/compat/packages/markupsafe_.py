from markupsafe import Markup, escape

assert escape("<a href='x'>&") == Markup("&lt;a href=&#39;x&#39;&gt;&amp;")
assert isinstance(escape("x"), Markup)
assert Markup("<p>%s</p>") % "<b>" == "<p>&lt;b&gt;</p>"
assert Markup("<em>Hello</em> {}").format("<x>") == "<em>Hello</em> &lt;x&gt;"
assert Markup("a") + "<" == "a&lt;"
assert "<" + Markup("a") == "&lt;a"
assert Markup(" <b>bold</b>  &amp; ").striptags() == "bold &"
assert Markup("&lt;x&gt;").unescape() == "<x>"
assert Markup(", ").join(["<", ">"]) == "&lt;, &gt;"
assert Markup("<i>").upper() == "<I>"


class User:
    def __html__(self):
        return "<b>me</b>"


assert escape(User()) == "<b>me</b>"
assert Markup.escape(None) == "None"
