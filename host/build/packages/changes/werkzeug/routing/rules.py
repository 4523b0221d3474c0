# It compiles syntax trees for what builds URLs; here a closure does it.
# without: ast CodeType _ASTT _prefix_names _IF_KWARGS_URL_ENCODE_AST _URL_ENCODE_AST_NAMES
# without: Rule._get_func_code Rule._compile_builder


def _url_builder(self, append_unknown=True):
    """Return the function that makes (domain, path) of the values of a rule."""
    defaults = self.defaults or {}
    domain, path, names = [], [], []
    parts = domain
    for is_dynamic, data in self._trace:
        if data == "|" and parts is domain:
            parts = path
        elif is_dynamic and data in defaults:
            parts.append((None, self._converters[data].to_url(defaults[data])))
        elif is_dynamic:
            parts.append((data, self._converters[data]))
            names.append(data)
        else:
            parts.append((None, quote(data, safe="!$&'()*+,/:;=@")))

    def joined(parts, values):
        return "".join([part if name is None else part.to_url(values[name]) for name, part in parts])

    def build(self, **values):
        missing = [name for name in names if name not in values]
        if missing:
            raise TypeError("missing values: " + ", ".join(missing))
        more = {name: values[name] for name in values if name not in names and name not in defaults}
        query = self._encode_query_vars(more) if append_unknown and more else ""
        return joined(domain, values), joined(path, values) + ("?" + query if query else "")

    return build


Rule._compile_builder = _url_builder
