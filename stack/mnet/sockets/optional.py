# optional.py - modules of this package that an image has only if its program says one of the names in their
# NEEDED_FOR (host/build/extensions.py).


def optional(name):
    """Return the module of this name."""
    return __import__("mnet.sockets." + name, None, None, (name,))


def constants():
    """Return the constants that only programs use, by their names; none if the program uses none."""
    try:
        found = optional("constants").__dict__
    except ImportError:
        return {}
    return {name: found[name] for name in found if name[0] != "_" and name != "NEEDED_FOR"}
