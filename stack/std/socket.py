# socket - see mnet/sockets.
from mnet.sockets import *  # noqa: F403
from mnet.sockets import _GLOBAL_DEFAULT_TIMEOUT, _LOCALHOST, _LOCALHOST_V6  # noqa: F401
