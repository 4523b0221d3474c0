# mnet.stack() before there is a device.

import mnet
from support import raises


def test_stack_is_a_function_whatever_has_been_imported():
    raises(ValueError, mnet.stack, "service", "10.0.0.300/24")
    raises(ValueError, mnet.stack, "service", "10.0.0.2/24", "home")
