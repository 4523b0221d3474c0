# pyexpat - the parser of xml.parsers.expat, xml.etree, xml.sax, xml.dom and plistlib: expat's interface, in
# Python. It does not validate, and reads neither external entities nor the declarations of a DTD but those of
# general entities. Their replacements have a bound (EXPANSION), so that a few lines cannot fill the memory.
import codecs as _codecs
import re as _re

EXPAT_VERSION = "expat_2.5.0"
version_info = (2, 5, 0)
native_encoding = "UTF-8"
features = []
XML_PARAM_ENTITY_PARSING_NEVER = 0
XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE = 1
XML_PARAM_ENTITY_PARSING_ALWAYS = 2

EXPANSION = 1 << 20  # letters that the entities of a document may become
_DEPTH = 16  # entities within entities
_NEST = 10000  # elements within elements

_MESSAGES = {
    "XML_ERROR_SYNTAX": (2, "syntax error"),
    "XML_ERROR_NO_ELEMENTS": (3, "no element found"),
    "XML_ERROR_INVALID_TOKEN": (4, "not well-formed (invalid token)"),
    "XML_ERROR_UNCLOSED_TOKEN": (5, "unclosed token"),
    "XML_ERROR_TAG_MISMATCH": (7, "mismatched tag"),
    "XML_ERROR_DUPLICATE_ATTRIBUTE": (8, "duplicate attribute"),
    "XML_ERROR_JUNK_AFTER_DOC_ELEMENT": (9, "junk after document element"),
    "XML_ERROR_UNDEFINED_ENTITY": (11, "undefined entity"),
    "XML_ERROR_RECURSIVE_ENTITY_REF": (12, "recursive entity reference"),
    "XML_ERROR_BAD_CHAR_REF": (14, "reference to invalid character number"),
    "XML_ERROR_MISPLACED_XML_PI": (17, "XML or text declaration not at start of entity"),
    "XML_ERROR_UNKNOWN_ENCODING": (18, "unknown encoding"),
    "XML_ERROR_UNCLOSED_CDATA_SECTION": (20, "unclosed CDATA section"),
    "XML_ERROR_UNBOUND_PREFIX": (27, "unbound prefix"),
    "XML_ERROR_FINISHED": (36, "parsing finished"),
    "XML_ERROR_AMPLIFICATION_LIMIT_BREACH": (
        43, "limit on input amplification factor (from DTD and entities) breached",
    ),
}  # fmt: skip


class _Names:
    """Of `errors` and `model`, which are modules on CPython."""


errors, model = _Names(), _Names()
errors.messages = {code: text for code, text in _MESSAGES.values()}
errors.codes = {text: code for code, text in _MESSAGES.values()}
for _name in _MESSAGES:
    setattr(errors, _name, _MESSAGES[_name][1])
for _number, _name in enumerate(("EMPTY", "ANY", "MIXED", "NAME", "CHOICE", "SEQ"), 1):
    setattr(model, "XML_CTYPE_" + _name, _number)
for _number, _name in enumerate(("NONE", "OPT", "REP", "PLUS")):
    setattr(model, "XML_CQUANT_" + _name, _number)

_HANDLERS = (
    "StartElementHandler", "EndElementHandler", "ProcessingInstructionHandler", "CharacterDataHandler",
    "UnparsedEntityDeclHandler", "NotationDeclHandler", "StartNamespaceDeclHandler",
    "EndNamespaceDeclHandler", "CommentHandler", "StartCdataSectionHandler", "EndCdataSectionHandler",
    "DefaultHandler", "DefaultHandlerExpand", "NotStandaloneHandler", "ExternalEntityRefHandler",
    "StartDoctypeDeclHandler", "EndDoctypeDeclHandler", "EntityDeclHandler", "XmlDeclHandler",
    "ElementDeclHandler", "AttlistDeclHandler", "SkippedEntityHandler",
)  # fmt: skip
_NAME = r"[A-Za-z_:\x80-\U0010ffff][-.\w:\xb7]*"
_VALUE = r"(?:\"[^\"<]*\"|'[^'<]*')"
_START = _re.compile(r"<(%s)((?:\s+%s\s*=\s*%s)*)\s*(/?)>" % (_NAME, _NAME, _VALUE))
_ATTRIBUTE = _re.compile(r"\s+(%s)\s*=\s*(%s)" % (_NAME, _VALUE))
_OPEN = _re.compile(r"<(?:[^\"'<>]|\"[^\"<]*\"|'[^'<]*')*[\"']?[^\"'<>]*\Z")  # a tag that goes on
_END = _re.compile(r"</(%s)\s*>" % _NAME)
_INSTRUCTION = _re.compile(r"<\?(%s)(?:\s+|(?=\?>))(.*?)\?>" % _NAME, _re.DOTALL)
_PSEUDO = _re.compile(r"\s*(version|encoding|standalone)\s*=\s*[\"']([-\w.]+)[\"']")
_DOCTYPE = _re.compile(
    r"<!DOCTYPE\s+(%s)(?:\s+(SYSTEM|PUBLIC)\s+(%s)(?:\s+(%s))?)?\s*" % (_NAME, _VALUE, _VALUE)
)
_ENTITY = _re.compile(r"<!ENTITY\s+(%s)\s+(\"[^\"]*\"|'[^']*')\s*>" % _NAME)
_REFERENCE = _re.compile(r"&(#\d+|#x[0-9a-fA-F]+|%s);" % _NAME)
_BAD = _re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_PLAIN = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_XML = "http://www.w3.org/XML/1998/namespace"


class ExpatError(Exception):
    """What is wrong with a document: `code`, `lineno` from 1 and `offset` in the line from 0."""


error = ExpatError


def ErrorString(code):
    """Return the text of an error's code."""
    return errors.messages.get(code)


def ParserCreate(encoding=None, namespace_separator=None, intern=None):
    """Return a parser; with a separator names are `URI separator name`."""
    if namespace_separator is not None and not isinstance(namespace_separator, str):
        raise TypeError("ParserCreate() argument 'namespace_separator' must be str or None")
    if namespace_separator is not None and len(namespace_separator) > 1:
        raise ValueError("namespace_separator must be at most one character, omitted, or None")
    return XMLParserType(encoding, namespace_separator, intern)


class XMLParserType:
    """A parser of one document, which may arrive in pieces."""

    def __init__(self, encoding=None, separator=None, intern=None):
        for name in _HANDLERS:
            setattr(self, name, None)
        self.intern = {} if intern is None else intern
        self.buffer_text = self.ordered_attributes = self.specified_attributes = False
        self.namespace_prefixes = False
        self.buffer_size = 8192
        self.buffer_used = 0
        self.ErrorCode = self.CurrentByteIndex = 0
        self._encoding, self._separator = encoding, separator
        self._decoder, self._raw = None, b""
        self._text, self._at = "", 0
        self._line, self._column = 1, 0
        self._spaces = [{"xml": _XML}] if separator is not None else None
        self._open, self._scopes = [], []
        self._begun = self._ended = self._finished = self._in_cdata = False
        self._entities, self._expanded, self._within = {}, 0, []
        self._base = None

    # What of expat has no effect here.

    def SetBase(self, base):
        self._base = base

    def GetBase(self):
        return self._base

    def SetParamEntityParsing(self, flag):
        return 1

    def UseForeignDTD(self, flag=True):
        pass

    def GetInputContext(self):
        return None

    def ExternalEntityParserCreate(self, context, encoding=None):
        return XMLParserType(encoding, self._separator, self.intern)

    @property
    def CurrentLineNumber(self):
        return self._place()[0]

    @property
    def CurrentColumnNumber(self):
        return self._place()[1]

    ErrorLineNumber, ErrorColumnNumber = CurrentLineNumber, CurrentColumnNumber
    ErrorByteIndex = property(lambda self: self.CurrentByteIndex)

    def Parse(self, data, isfinal=False):
        """Parse the next piece, bytes or str, the last one if `isfinal`. ExpatError."""
        if self._finished:
            self._fail("XML_ERROR_FINISHED")
        if isinstance(data, str):
            self._text += data
        else:
            self._text += self._decoded(bytes(data), isfinal)
        if "\r" in self._text:
            held = "" if isfinal or self._text[-1] != "\r" else "\r"
            text = self._text[: len(self._text) - len(held)]
            self._text = text.replace("\r\n", "\n").replace("\r", "\n") + held
        bad = _BAD.search(self._text, self._at)
        if bad:
            self._at = bad.start()
            self._fail("XML_ERROR_INVALID_TOKEN")
        self._run(isfinal)
        self._drop()
        if isfinal:
            self._finished = True
            if self._open or not self._ended:
                self._fail("XML_ERROR_NO_ELEMENTS")
        return 1

    def ParseFile(self, file):
        """Parse all that a binary file has."""
        while True:
            data = file.read(16384)
            self.Parse(data, not data)
            if not data:
                return 1

    def _decoded(self, data, isfinal):
        """Return the text of bytes, in the encoding that a mark or the declaration names."""
        if self._decoder is None:
            data, self._raw = self._raw + data, b""
            if len(data) < 4 and not isfinal or data[:5] == b"<?xml" and b"?>" not in data and not isfinal:
                self._raw = data
                return ""
            name = self._encoding or _detected(data)
            try:
                self._decoder = _codecs.getincrementaldecoder(name)()
            except LookupError:
                self._fail("XML_ERROR_UNKNOWN_ENCODING")
        try:
            text = self._decoder.decode(data, bool(isfinal))
        except UnicodeDecodeError:
            self._fail("XML_ERROR_INVALID_TOKEN")
        return text[1:] if text[:1] == "\ufeff" and not self._begun else text

    def _place(self):
        """Return (line from 1, column from 0) of what is parsed."""
        before = self._text[: self._at]
        lines = before.count("\n")
        return self._line + lines, len(before) - before.rfind("\n") - 1 + (0 if lines else self._column)

    def _fail(self, name):
        code, text = _MESSAGES[name]
        line, column = self._place()
        failed = ExpatError("%s: line %d, column %d" % (text, line, column))
        failed.code, failed.lineno, failed.offset = code, line, column
        self.ErrorCode = code
        raise failed

    def _drop(self):
        """Forget what has been parsed."""
        self._line, self._column = self._place()
        self._text, self._at = self._text[self._at :], 0

    def _run(self, isfinal):
        while self._at < len(self._text):
            if self._in_cdata:
                more = self._cdata(isfinal)
            elif self._text[self._at] == "<":
                more = self._markup(isfinal)
            else:
                more = self._words(isfinal)
            if not more:
                if isfinal:
                    self._fail("XML_ERROR_UNCLOSED_TOKEN")
                return

    def _call(self, name, *arguments, source=None):
        """Call a handler, or the default one with the source if that one is not set. Whether it was set."""
        handler = getattr(self, name)
        if handler is not None:
            handler(*arguments)
            return True
        if source is not None:
            self._default(source)
        return False

    def _default(self, source):
        handler = self.DefaultHandlerExpand or self.DefaultHandler
        if handler is not None:
            handler(source)

    def _words(self, isfinal):
        """Parse text up to the next markup."""
        end = self._text.find("<", self._at)
        if end < 0:
            end = len(self._text)
            if not isfinal:  # an entity, or \r\n, may go on
                cut = self._text.rfind("&", self._at)
                if cut >= 0 and ";" not in self._text[cut:]:
                    end = cut
                elif self._text[-1] == "\r" or self._text.endswith("]"):
                    end -= 1
                if end == self._at:
                    return False
        words = self._text[self._at : end]
        if not self._open:
            stripped = words.lstrip(" \t\n")
            if stripped:
                self._at = end - len(stripped)
                self._fail("XML_ERROR_JUNK_AFTER_DOC_ELEMENT" if self._ended else "XML_ERROR_SYNTAX")
            self._begun = True
            self._at = end
            return True
        if "]]>" in words:
            self._at += words.find("]]>")
            self._fail("XML_ERROR_INVALID_TOKEN")
        self._content(words)
        self._at = end
        return True

    def _content(self, words):
        """Report text, its entities replaced; adjoining parts are one."""
        if "&" not in words:
            self._call("CharacterDataHandler", words, source=words)
            return
        done, parts = 0, []
        for match in _REFERENCE.finditer(words):
            if "&" in words[done : match.start()]:
                self._fail("XML_ERROR_INVALID_TOKEN")
            parts.append(words[done : match.start()])
            done = match.end()
            value = self._entity(match[1])
            if value is None:
                self._say(parts)
                parts = []
                self._unknown(match[0], match[1])
            elif match[1] in self._entities and ("<" in value or "&" in value):
                self._say(parts)
                parts = []
                self._nested(match[1], value)
            else:
                parts.append(value)
        if "&" in words[done:]:
            self._fail("XML_ERROR_INVALID_TOKEN")
        parts.append(words[done:])
        self._say(parts)

    def _say(self, parts):
        text = "".join(parts)
        if text:
            self._call("CharacterDataHandler", text, source=text)

    def _unknown(self, source, name):
        """An entity without a value: an error, unless a handler or a DTD elsewhere may know it."""
        if self.SkippedEntityHandler is None and not (self.DefaultHandlerExpand or self.DefaultHandler):
            self._fail("XML_ERROR_UNDEFINED_ENTITY")
        if not self._call("SkippedEntityHandler", name, False):
            self._default(source)

    def _entity(self, name):
        """Return what an entity or a number stands for, None if nothing is known."""
        if name[0] == "#":
            code = int(name[2:], 16) if name[1] == "x" else int(name[1:])
            if code > 0x10FFFF or 0xD800 <= code < 0xE000 or not code or _BAD.search(chr(code)):
                self._fail("XML_ERROR_BAD_CHAR_REF")
            return chr(code)
        if name in _PLAIN:
            return _PLAIN[name]
        value = self._entities.get(name)
        if value is not None:
            self._expanded += len(value)
            if self._expanded > EXPANSION:
                self._fail("XML_ERROR_AMPLIFICATION_LIMIT_BREACH")
        return value

    def _nested(self, name, value):
        """Parse the replacement of an entity as content."""
        if name in self._within or len(self._within) >= _DEPTH:
            self._fail("XML_ERROR_RECURSIVE_ENTITY_REF")
        self._within.append(name)
        outer = self._text, self._at, len(self._open)
        self._text, self._at = value, 0
        self._run(True)
        if len(self._open) != outer[2]:
            self._fail("XML_ERROR_TAG_MISMATCH")
        self._text, self._at = outer[:2]
        self._within.pop()

    def _value(self, text, depth=0):
        """Return the value of an attribute: entities replaced, blanks for other white space."""
        text = text.replace("\n", " ").replace("\t", " ")
        if "&" not in text:
            return text
        if depth > _DEPTH:
            self._fail("XML_ERROR_RECURSIVE_ENTITY_REF")
        done, parts = 0, []
        for match in _REFERENCE.finditer(text):
            parts.append(text[done : match.start()])
            done = match.end()
            value = self._entity(match[1])
            if value is None:
                self._fail("XML_ERROR_UNDEFINED_ENTITY")
            parts.append(self._value(value, depth + 1) if match[1] in self._entities else value)
        parts.append(text[done:])
        if any("&" in part for part in parts[::2]):
            self._fail("XML_ERROR_INVALID_TOKEN")
        return "".join(parts)

    def _markup(self, isfinal):
        """Parse what begins with <. Returns whether all of it was there."""
        text, at = self._text, self._at
        kind = text[at + 1 : at + 2]
        if kind == "!":
            return self._declaration(isfinal)
        if kind == "?":
            return self._instruction()
        if kind == "/":
            return self._end(isfinal)
        match = _START.match(text, at)
        if match:
            return self._start(match)
        if not kind or _OPEN.match(text, at) and (not isfinal or kind.isalpha()):
            return False
        self._at += 1
        self._fail("XML_ERROR_INVALID_TOKEN")

    def _start(self, match):
        name, pairs, closes = match[1], match[2], match[3]
        if self._ended and not self._open:
            self._fail("XML_ERROR_JUNK_AFTER_DOC_ELEMENT")
        if len(self._open) >= _NEST:
            self._fail("XML_ERROR_SYNTAX")
        found = [(each[1], self._value(each[2][1:-1])) for each in _ATTRIBUTE.finditer(pairs)]
        if len(dict(found)) != len(found):
            self._fail("XML_ERROR_DUPLICATE_ATTRIBUTE")
        declared = []
        if self._spaces is not None:
            found = self._declare(found, declared)
            shown = self._expand(name, True)
            found = [(self._expand(key, False), value) for key, value in found]
            if len(dict(found)) != len(found):
                self._fail("XML_ERROR_DUPLICATE_ATTRIBUTE")
        else:
            shown = name
        self._begun = True
        self._open.append((name, shown))
        self._scopes.append(declared)
        attributes = [each for pair in found for each in pair] if self.ordered_attributes else dict(found)
        self._call("StartElementHandler", shown, attributes, source=match[0])
        self._at = match.end()
        if closes:
            self._close()
        return True

    def _declare(self, found, declared):
        """Take the declarations of namespaces out of the attributes."""
        spaces, rest = None, []
        for key, value in found:
            if key != "xmlns" and key[:6] != "xmlns:":
                rest.append((key, value))
                continue
            prefix = key[6:] or None
            spaces = spaces or dict(self._spaces[-1])
            spaces[prefix] = value or None
            declared.append(prefix)
            self._call("StartNamespaceDeclHandler", prefix, value or None)
        self._spaces.append(spaces or self._spaces[-1])
        return rest

    def _expand(self, name, is_element):
        """Return a name with its namespace."""
        prefix, colon, local = name.partition(":")
        if not colon:
            prefix, local = None, name
            if not is_element:
                return name
        space = self._spaces[-1].get(prefix)
        if space is None:
            if prefix is not None:
                self._fail("XML_ERROR_UNBOUND_PREFIX")
            return name
        full = space + self._separator + local
        return full + self._separator + prefix if self.namespace_prefixes and prefix else full

    def _end(self, isfinal):
        match = _END.match(self._text, self._at)
        if not match:
            if ">" in self._text[self._at :] or isfinal and not self._open:
                self._at += 2
                self._fail("XML_ERROR_INVALID_TOKEN")
            return False
        if not self._open or self._open[-1][0] != match[1]:
            self._at += 2
            self._fail("XML_ERROR_TAG_MISMATCH" if self._open else "XML_ERROR_INVALID_TOKEN")
        self._at = match.end()
        self._close(match[0])
        return True

    def _close(self, source=None):
        _, shown = self._open.pop()
        self._call("EndElementHandler", shown, source=source)
        declared = self._scopes.pop()
        if self._spaces is not None:
            self._spaces.pop()
        for prefix in reversed(declared):
            self._call("EndNamespaceDeclHandler", prefix)
        if not self._open and not self._within:
            self._ended = True

    def _instruction(self):
        end = self._text.find("?>", self._at)
        if end < 0:
            return False
        match = _INSTRUCTION.match(self._text, self._at)
        if not match:
            self._fail("XML_ERROR_INVALID_TOKEN")
        if match[1].lower() != "xml":
            self._call("ProcessingInstructionHandler", match[1], match[2], source=match[0])
        elif self._begun:
            self._fail("XML_ERROR_MISPLACED_XML_PI")
        else:
            said = dict([(each[1], each[2]) for each in _PSEUDO.finditer(match[2])])
            if "version" not in said:
                self._fail("XML_ERROR_SYNTAX")
            alone = {"yes": 1, "no": 0}.get(said.get("standalone"), -1)
            self._call("XmlDeclHandler", said["version"], said.get("encoding"), alone, source=match[0])
        self._begun = True
        self._at = match.end()
        return True

    def _declaration(self, isfinal):
        """Parse a comment, a CDATA section or the document type."""
        text, at = self._text, self._at
        if text.startswith("<!--", at):
            end = text.find("--", at + 4)
            if end < 0 or end + 2 >= len(text):
                return False
            if text[end + 2] != ">":
                self._at = end
                self._fail("XML_ERROR_INVALID_TOKEN")
            self._begun = True
            self._call("CommentHandler", text[at + 4 : end], source=text[at : end + 3])
            self._at = end + 3
            return True
        if text.startswith("<![CDATA[", at) and self._open:
            self._in_cdata = True
            self._call("StartCdataSectionHandler", source="<![CDATA[")
            self._at += 9
            return True
        if text.startswith("<!DOCTYPE", at) and not self._open and not self._ended:
            return self._doctype()
        if not isfinal and ("<!DOCTYPE".startswith(text[at:]) or "<![CDATA[".startswith(text[at:])):
            return False
        self._at += 2
        self._fail("XML_ERROR_INVALID_TOKEN")

    def _cdata(self, isfinal):
        end = self._text.find("]]>", self._at)
        if end < 0 and isfinal:
            self._fail("XML_ERROR_UNCLOSED_CDATA_SECTION")
        upto = end if end >= 0 else max(len(self._text) - 2, self._at)
        if upto > self._at:
            words = self._text[self._at : upto]
            self._call("CharacterDataHandler", words, source=words)
        more = upto > self._at or end >= 0
        self._at = upto
        if end >= 0:
            self._in_cdata = False
            self._call("EndCdataSectionHandler", source="]]>")
            self._at = end + 3
        return more

    def _doctype(self):
        """Parse the document type: of its declarations the general entities."""
        head = _DOCTYPE.match(self._text, self._at)
        if not head or head.end() == len(self._text):
            if ">" in self._text[self._at :] and not head:
                self._fail("XML_ERROR_SYNTAX")
            return False
        end, inner = head.end(), ""
        if self._text[end] == "[":
            close = _closing(self._text, end + 1)
            if close < 0:
                return False
            inner = self._text[end + 1 : close]
            end = close + 1
            while self._text[end : end + 1].isspace():
                end += 1
        if end >= len(self._text):
            return False
        if self._text[end] != ">":
            self._fail("XML_ERROR_SYNTAX")
        public = head[3][1:-1] if head[2] == "PUBLIC" else None
        system = (head[4] or head[3] or "  ")[1:-1] or None if head[2] else None
        source = self._text[self._at : end + 1]
        self._call("StartDoctypeDeclHandler", head[1], system, public, bool(inner), source=source)
        for name, value in _ENTITY.findall(inner):
            if name not in self._entities:
                self._entities[name] = _REFERENCE.sub(self._early, value[1:-1])
                self._call("EntityDeclHandler", name, False, self._entities[name], None, None, None, None)
        self._call("EndDoctypeDeclHandler")
        self._begun = True
        self._at = end + 1
        return True

    def _early(self, match):
        """The numbers in the value of an entity are replaced where it is declared (XML 1.0, 4.5)."""
        return self._entity(match[1]) if match[1][0] == "#" else match[0]


def _closing(text, at):
    """Return where the ] of a document type is, outside quotes and comments; -1."""
    while at < len(text):
        letter = text[at]
        if letter == "]":
            return at
        if text.startswith("<!--", at):
            end = text.find("-->", at)
            at = end + 3 if end >= 0 else len(text)
        elif letter in "\"'":
            end = text.find(letter, at + 1)
            at = end + 1 if end >= 0 else len(text)
        else:
            at += 1
    return -1


def _detected(data):
    """Return the encoding of a document (XML 1.0, appendix F)."""
    if data[:2] in (b"\xfe\xff", b"\xff\xfe"):
        return "utf-16"
    if data[:4] == b"<\0?\0":
        return "utf-16-le"
    if data[:4] == b"\0<\0?":
        return "utf-16-be"
    if data[:5] == b"<?xml":
        head = data[: data.find(b"?>")].decode("latin-1")
        for match in _PSEUDO.finditer(head[5:]):
            if match[1] == "encoding":
                return match[2].lower()
    return "utf-8"
