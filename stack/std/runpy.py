# runpy - run_path() runs a file of Python's source, with the syntax of code that is compiled in an image; the
# modules of an image are compiled already, so run_module() raises ImportError.

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    raise ImportError("%s: an image runs no modules but main" % mod_name, name=mod_name)


def run_path(path_name, init_globals=None, run_name=None):
    """Run the file and return its globals."""
    with open(path_name) as file:
        source = file.read()
    found = {"__name__": run_name or "<run_path>", "__file__": path_name, "__doc__": None}
    found.update(init_globals or {})
    exec(compile(source, path_name, "exec"), found)
    return found
