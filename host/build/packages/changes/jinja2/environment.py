# Code objects of the image have no co_filename.
# without: Template.from_code


def _of_code(cls, environment, code, globals, uptodate=None):
    """Return the template of compiled code."""
    names = {"environment": environment, "__file__": "<template>"}
    exec(code, names)
    made = cls._from_namespace(environment, names, globals)
    made._uptodate = uptodate
    return made


Template.from_code = classmethod(_of_code)
