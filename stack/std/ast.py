# ast - nodes of syntax trees, and literals. An image has no parser that makes trees: parse() says so.

import re as _re

PyCF_ONLY_AST = 1024
PyCF_TYPE_COMMENTS = 4096
PyCF_ALLOW_TOP_LEVEL_AWAIT = 8192

# Each base class, and its classes with their fields (CPython's Parser/Python.asdl).
_NODES = """
AST mod expr stmt expr_context boolop operator unaryop cmpop comprehension,target,iter,ifs,is_async excepthandler arguments,posonlyargs,args,vararg,kwonlyargs,kw_defaults,kwarg,defaults arg,arg,annotation,type_comment keyword,arg,value alias,name,asname withitem,context_expr,optional_vars match_case,pattern,guard,body pattern
mod Module,body,type_ignores Interactive,body Expression,body FunctionType,argtypes,returns
stmt FunctionDef,name,args,body,decorator_list,returns,type_comment AsyncFunctionDef,name,args,body,decorator_list,returns,type_comment ClassDef,name,bases,keywords,body,decorator_list Return,value Delete,targets Assign,targets,value,type_comment AugAssign,target,op,value AnnAssign,target,annotation,value,simple For,target,iter,body,orelse,type_comment AsyncFor,target,iter,body,orelse,type_comment While,test,body,orelse If,test,body,orelse With,items,body,type_comment AsyncWith,items,body,type_comment Match,subject,cases Raise,exc,cause Try,body,handlers,orelse,finalbody TryStar,body,handlers,orelse,finalbody Assert,test,msg Import,names ImportFrom,module,names,level Global,names Nonlocal,names Expr,value Pass Break Continue
expr BoolOp,op,values NamedExpr,target,value BinOp,left,op,right UnaryOp,op,operand Lambda,args,body IfExp,test,body,orelse Dict,keys,values Set,elts ListComp,elt,generators SetComp,elt,generators DictComp,key,value,generators GeneratorExp,elt,generators Await,value Yield,value YieldFrom,value Compare,left,ops,comparators Call,func,args,keywords FormattedValue,value,conversion,format_spec JoinedStr,values Constant,value,kind Attribute,value,attr,ctx Subscript,value,slice,ctx Starred,value,ctx Name,id,ctx List,elts,ctx Tuple,elts,ctx Slice,lower,upper,step
expr_context Load Store Del
boolop And Or
operator Add Sub Mult MatMult Div Mod Pow LShift RShift BitOr BitXor BitAnd FloorDiv
unaryop Invert Not UAdd USub
cmpop Eq NotEq Lt LtE Gt GtE Is IsNot In NotIn
excepthandler ExceptHandler,type,name,body
pattern MatchValue,value MatchSingleton,value MatchSequence,patterns MatchMapping,keys,patterns,rest MatchClass,cls,patterns,kwd_attrs,kwd_patterns MatchStar,name MatchAs,pattern,name MatchOr,patterns
"""  # noqa: E501
_PLACES = ("lineno", "col_offset", "end_lineno", "end_col_offset")
_PLACED = ("stmt", "expr", "excepthandler", "pattern", "arg", "keyword", "alias")


class AST:
    """A node; its class names its fields."""

    _fields = ()
    _attributes = ()

    def __init__(self, *args, **kwargs):
        if len(args) > len(self._fields):
            name = type(self).__name__
            raise TypeError(
                "%s constructor takes at most %d positional arguments" % (name, len(self._fields))
            )
        for name, value in zip(self._fields, args):
            setattr(self, name, value)
        for name, value in kwargs.items():
            setattr(self, name, value)


def _define():
    for line in _NODES.strip().split("\n"):
        base, *nodes = line.split(" ")
        for node in nodes:
            name, *fields = node.split(",")
            body = {"_fields": tuple(fields), "__match_args__": tuple(fields), "__module__": "ast"}
            if name in _PLACED:
                body["_attributes"] = _PLACES
            globals()[name] = type(name, (globals()[base],), body)


_define()


def iter_fields(node):
    """Yield name and value of each field that the node has."""
    for name in node._fields:
        if hasattr(node, name):
            yield name, getattr(node, name)


def iter_child_nodes(node):
    """Yield the nodes in the fields of a node."""
    for _, value in iter_fields(node):
        for each in value if isinstance(value, list) else (value,):
            if isinstance(each, AST):
                yield each


def walk(node):
    """Yield a node and all nodes below it, breadth first."""
    pending = [node]
    while pending:
        node = pending.pop(0)
        pending.extend(iter_child_nodes(node))
        yield node


class NodeVisitor:
    """Calls visit_NAME() for each node."""

    def visit(self, node):
        return getattr(self, "visit_" + type(node).__name__, self.generic_visit)(node)

    def generic_visit(self, node):
        for each in iter_child_nodes(node):
            self.visit(each)


class NodeTransformer(NodeVisitor):
    """Replaces each node by what its method returns; None removes it."""

    def generic_visit(self, node):
        for name, old in iter_fields(node):
            if isinstance(old, list):
                old[:] = self._visited(old)
            elif isinstance(old, AST):
                new = self.visit(old)
                if new is None:
                    delattr(node, name)
                else:
                    setattr(node, name, new)
        return node

    def _visited(self, nodes):
        found = []
        for each in nodes:
            new = self.visit(each) if isinstance(each, AST) else each
            if isinstance(new, AST) or not isinstance(each, AST):
                found.append(new)
            elif new is not None:
                found.extend(new)
        return found


def parse(source, filename="<unknown>", mode="exec", *, type_comments=False, feature_version=None):
    raise NotImplementedError("an image makes no syntax trees: ast.parse() works on the host only")


# What may stand in a literal: texts, numbers, brackets, the names of constants.
_LITERAL = _re.compile(
    r"""\s*(?:(?P<text>(?:[bB][rR]?|[rR][bB]?|[uU])?(?:'''(?:[^\\]|\\.)*?'''|\"\"\"(?:[^\\]|\\.)*?\"\"\""""
    r"""|'(?:[^\\'\n]|\\.)*'|"(?:[^\\"\n]|\\.)*"))"""
    r"""|(?P<number>(?:0[xXoObB][0-9a-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?[jJ]?))"""
    r"""|(?P<name>None|True|False|Ellipsis|set\(\))(?!\w)|(?P<sign>[\[\](){},:+-]|\.\.\.))""",
    _re.DOTALL,
)
_OPEN = {"(": ")", "[": "]", "{": "}"}


def literal_eval(node_or_string):
    """Return the value of a literal: texts, numbers, None, tuples, lists, dicts and sets of those."""
    if isinstance(node_or_string, AST):
        return _value(node_or_string)
    text = node_or_string.strip(" \t")
    position, last = 0, ""
    while position < len(text):
        match = _LITERAL.match(text, position)
        if match is None:
            if not text[position:].strip():
                break
            raise ValueError("malformed node or string: %r" % text)
        if match.group("sign") == "(" and last not in ("", "(", "[", "{", ",", ":", "+", "-"):
            raise ValueError("malformed node or string: %r" % text)  # a call
        if match.group("sign") == "[" and last not in ("", "(", "[", "{", ",", ":"):
            raise ValueError("malformed node or string: %r" % text)  # an index
        last = match.group("sign") or "value"
        position = match.end()
    return eval("(" + text + "\n)", {"set": set, "Ellipsis": ...})


def _value(node):
    kind = type(node).__name__
    if kind == "Expression":
        return _value(node.body)
    if kind == "Constant":
        return node.value
    if kind == "Tuple":
        return tuple(map(_value, node.elts))
    if kind == "List":
        return list(map(_value, node.elts))
    if kind == "Set":
        return set(map(_value, node.elts))
    if kind == "Dict":
        return dict(zip(map(_value, node.keys), map(_value, node.values)))
    if kind == "UnaryOp" and type(node.op).__name__ in ("UAdd", "USub"):
        value = _value(node.operand)
        return value if type(node.op).__name__ == "UAdd" else -value
    raise ValueError("malformed node or string: %r" % (node,))


def fix_missing_locations(node):
    """Give each node without a place that of the node around it."""
    for each in walk(node):
        for name in each._attributes:
            if not hasattr(each, name):
                setattr(each, name, 1 if "lineno" in name else 0)
    return node


def copy_location(new_node, old_node):
    for name in _PLACES:
        if hasattr(old_node, name):
            setattr(new_node, name, getattr(old_node, name))
    return new_node


def get_docstring(node, clean=True):
    """Return the docstring of a module, class or function node."""
    first = node.body[0] if node.body else None
    if type(first).__name__ != "Expr" or not isinstance(getattr(first.value, "value", None), str):
        return None
    return first.value.value


def dump(node, annotate_fields=True, include_attributes=False, *, indent=None):
    """Return a tree as text, on one line."""
    if isinstance(node, list):
        return "[%s]" % ", ".join([dump(each, annotate_fields) for each in node])
    if not isinstance(node, AST):
        return repr(node)
    form = "%s=%s" if annotate_fields else "%.0s%s"
    parts = [form % (name, dump(value, annotate_fields)) for name, value in iter_fields(node)]
    return "%s(%s)" % (type(node).__name__, ", ".join(parts))
