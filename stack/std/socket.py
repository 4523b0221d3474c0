# socket - see mnet/sockets.
from mnet.sockets import *  # noqa: F403
