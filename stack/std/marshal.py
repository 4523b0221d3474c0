# marshal - values as bytes, in a format of its own: what one image has written, the same image reads.

__all__ = ["dump", "dumps", "load", "loads", "version"]

version = 4
_PLAIN = (type(None), bool, int, float, complex, str, bytes, tuple, list, dict, set, frozenset, type(...))


def _check(value):
    if type(value) not in _PLAIN:
        raise ValueError("unmarshallable object")
    if isinstance(value, dict):
        for key, each in value.items():
            _check(key)
            _check(each)
    elif isinstance(value, (tuple, list, set, frozenset)):
        for each in value:
            _check(each)


def dumps(value, version=version):
    """Return a value as bytes. ValueError: it is not made of plain values."""
    import pickle

    _check(value)
    return pickle.dumps(value, 4)


def loads(data):
    """Return the value that dumps() was given. Bytes of others raise ValueError or EOFError."""
    import io
    import pickle

    class Plain(pickle.Unpickler):
        def find_class(self, module, name):
            if (module, name) in (("builtins", "complex"), ("builtins", "frozenset"), ("builtins", "set")):
                return {"complex": complex, "frozenset": frozenset, "set": set}[name]
            raise ValueError("bad marshal data")

    try:
        return Plain(io.BytesIO(bytes(data))).load()
    except pickle.UnpicklingError:
        raise ValueError("bad marshal data") from None


def dump(value, file, version=version):
    file.write(dumps(value))


def load(file):
    return loads(file.read())
