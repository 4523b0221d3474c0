# sysconfig - how the runtime was configured: an image was not installed, so there are no paths.

import sys

__all__ = [
    "get_config_var", "get_config_vars", "get_path", "get_path_names", "get_paths", "get_platform",
    "get_python_version",
]  # fmt: skip


def get_config_vars(*names):
    return [None for _ in names] if names else {}


def get_config_var(name):
    return None


def get_path_names():
    return ("stdlib", "platstdlib", "purelib", "platlib", "include", "scripts", "data")


def get_paths(scheme="", vars=None, expand=True):
    return {name: "/" for name in get_path_names()}


def get_path(name, scheme="", vars=None, expand=True):
    return get_paths()[name]


def get_python_version():
    return "%d.%d" % sys.version_info[:2]


def get_platform():
    return sys.platform
