# zipimport - names for programs that ask whether they are in an archive: an image imports from none.

__all__ = ["ZipImportError", "zipimporter"]


class ZipImportError(ImportError):
    """The archive cannot be imported from."""


class zipimporter:
    def __init__(self, path):
        raise ZipImportError("not a Zip file: %r" % (path,))
