"""f-strings become str.format: nested quotes, {x=}, conversions, format specifications with expressions.

The values are evaluated from left to right, then all are formatted; CPython formats each before it
evaluates the next."""

import ast

from host.build.lower.scope import Pass


def literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


class FStrings(Pass):
    needs = (ast.JoinedStr,)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        values: list[ast.expr] = []
        template = "".join(self.part(part, values, nested=False) for part in node.values)
        if not values:
            return self.lowered(node, ast.Constant(template.replace("{{", "{").replace("}}", "}")))
        function = ast.Attribute(ast.Constant(template), "format", ast.Load())
        return self.lowered(node, ast.Call(function, values, []))

    def part(self, part: ast.expr, values: list[ast.expr], nested: bool) -> str:
        """Return the part's template, and append its expressions to `values`."""
        if isinstance(part, ast.Constant):
            return literal(str(part.value))
        assert isinstance(part, ast.FormattedValue)
        if nested and part.format_spec is not None:  # str.format supports one level
            values.append(self.visit(ast.JoinedStr([part], lineno=part.lineno, col_offset=part.col_offset)))
            return "{}"
        values.append(self.visit(part.value))
        conversion = f"!{chr(part.conversion)}" if part.conversion > 0 else ""
        if part.format_spec is None:
            return f"{{{conversion}}}"
        assert isinstance(part.format_spec, ast.JoinedStr)
        spec = "".join(self.part(each, values, nested=True) for each in part.format_spec.values)
        return f"{{{conversion}:{spec}}}"
