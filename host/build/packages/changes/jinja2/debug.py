# It makes tracebacks with the lines of templates out of code objects made for that.
# without: rewrite_traceback_stack fake_traceback get_template_locals CodeType


def rewrite_traceback_stack(source=None):
    """Return the exception that is handled; a syntax error knows the template's source."""
    error = sys.exc_info()[1]
    if isinstance(error, TemplateSyntaxError) and not error.translated:
        error.translated = True
        error.source = source
    return error
