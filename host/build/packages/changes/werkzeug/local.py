# __getattr__ of a class is called as a function here, without __get__() of what it is.


def _of_the_object(self, name):
    return getattr(self._get_current_object(), name)


LocalProxy.__getattr__ = _of_the_object
