# unittest.signals - an image has no Ctrl-C: nothing is interrupted.


def registerResult(result):
    pass


def removeResult(result):
    return False


def installHandler():
    pass


def removeHandler(method=None):
    return method
