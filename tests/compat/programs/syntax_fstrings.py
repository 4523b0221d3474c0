"""f-strings: conversions, specifications that are expressions, {x=}, quotes, braces."""

name, n, x = "é", 42, 3.14159
width = 8
d = {"key": [1, 2]}

assert f"{name}" == "é" and f"{name!r}" == "'é'" and f"{name!a}" == "'\\xe9'"
assert f"{name!s:>3}|" == "  é|"
assert f"{n:05d} {n:x} {n:#b} {-n:+} {n:,}" == "00042 2a 0b101010 -42 42"
assert f"{x:.2f} {x:{width}.3} {x:>{width + 2}.{1 + 1}f}" == "3.14     3.14       3.14"
assert f"{n!r:>{width}}" == "      42"
assert f"{{}} {{{n}}} {{n}}" == "{} {42} {n}"
assert f"{n=}" == "n=42" and f"{name = }" == "name = 'é'" and f"{n + 1=:>4}" == "n + 1=  43"
assert f"{name=!s}" == "name=é"
assert f"{d['key'][1]}" == "2" and f"{d['key']}" == "[1, 2]"
assert f"{'a' if n else 'b'}{(lambda: 7)()}" == "a7"
assert f"{n}{x:.0f}tail {{n}}" == "423tail {n}"
assert (
    f"""{n}
{name}"""
    == "42\né"
)
assert rf"\d{n}" == "\\d42" and f"\N{DIGIT ONE}\t{n}" == "1\t42"
assert "\N{LATIN SMALL LETTER E WITH ACUTE}" == "é"
assert f"{f'{n}' + 'z'}" == "42z" and f"{[f'{i}' for i in range(2)]}" == "['0', '1']"
assert f"{(y := 5)}{y}" == "55"
assert f"{'{}'}" == "{}" and f"{'%d'}%d" == "%d%d"
assert f"" == "" and f"plain" == "plain"
assert f"{'x':{'*'}^{5}}" == "**x**"


def sums(*values):
    return f"{sum(values)} of {len(values)} {values[0]!r:~^{len(values)}}"


assert sums(1, 2, 3) == "6 of 3 ~1~"
