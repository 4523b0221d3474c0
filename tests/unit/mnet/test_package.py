# The package's own name for a network is a function, although a module is called the same.

import mnet
import mnet.interface  # which imports mnet.stack, the module
from support import raises


def test_stack_is_a_function_whatever_has_been_imported():
    raises(ValueError, mnet.stack, "service", "10.0.0.300/24")
    raises(ValueError, mnet.stack, "service", "10.0.0.2/24", "home")
