# importlib.abc - the classes that loaders and finders derive from.


class Loader:
    def create_module(self, spec):
        return None

    def load_module(self, fullname):
        raise ImportError


class MetaPathFinder:
    def invalidate_caches(self):
        pass


class PathEntryFinder(MetaPathFinder):
    pass


class InspectLoader(Loader):
    def is_package(self, fullname):
        raise ImportError

    def get_source(self, fullname):
        raise ImportError


class ResourceLoader(Loader):
    def get_data(self, path):
        raise OSError


class ExecutionLoader(InspectLoader):
    def get_filename(self, fullname):
        raise ImportError


class SourceLoader(ResourceLoader, ExecutionLoader):
    pass
