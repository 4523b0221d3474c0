# io - CPython's files in memory, and the classes that other files are made of; files themselves are
# _fileio's.

import builtins as _builtins

from ._base import (
    DEFAULT_BUFFER_SIZE,
    SEEK_CUR,
    SEEK_END,
    SEEK_SET,
    BufferedIOBase,
    IOBase,
    RawIOBase,
    TextIOBase,
    UnsupportedOperation,
)
from ._buffered import BufferedRandom, BufferedReader, BufferedRWPair, BufferedWriter
from ._bytes import BytesIO
from ._newlines import IncrementalNewlineDecoder
from ._string import StringIO
from ._text import TextIOWrapper, text_encoding

_NAME = "_fileio"  # no import that the build would follow: host/build/parts.py finds out who needs files
try:
    _files = __import__(_NAME)
    FileIO, open, open_code = _files.FileIO, _files.open, _files.open_code
except ImportError:  # MicroPython's files
    open = open_code = getattr(_builtins, "open", None)

BlockingIOError = _builtins.BlockingIOError
__all__ = [
    "BlockingIOError", "BufferedIOBase", "BufferedRWPair", "BufferedRandom", "BufferedReader",
    "BufferedWriter",
    "BytesIO", "DEFAULT_BUFFER_SIZE", "IOBase", "IncrementalNewlineDecoder", "RawIOBase", "SEEK_CUR",
    "SEEK_END", "SEEK_SET", "StringIO", "TextIOBase", "TextIOWrapper", "UnsupportedOperation",
    "text_encoding",
]  # fmt: skip
