# gettext - texts are not translated: there are no catalogues in an image.


def gettext(message):
    return message


def ngettext(singular, plural, n):
    """One of the two, as English has it."""
    return singular if n == 1 else plural


def dgettext(domain, message):
    return message


def dngettext(domain, singular, plural, n):
    return ngettext(singular, plural, n)


def pgettext(context, message):
    return message


def npgettext(context, singular, plural, n):
    return ngettext(singular, plural, n)


def textdomain(domain=None):
    return domain or "messages"


def bindtextdomain(domain, localedir=None):
    return localedir


class NullTranslations:
    """No catalogue."""

    def __init__(self, fp=None):
        pass

    gettext = staticmethod(gettext)
    ngettext = staticmethod(ngettext)
    pgettext = staticmethod(pgettext)
    npgettext = staticmethod(npgettext)

    def install(self, names=None):
        import builtins

        builtins._ = self.gettext


def translation(domain, localedir=None, languages=None, class_=None, fallback=False):
    if fallback:
        return NullTranslations()
    raise FileNotFoundError(2, "No translation file found for domain", domain)


def find(domain, localedir=None, languages=None, all=False):
    return [] if all else None


def install(domain, localedir=None, *, names=None):
    NullTranslations().install(names)
