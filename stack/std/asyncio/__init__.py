# asyncio - CPython's package, on the event loop of an image (unikernel_events).

from . import (
    base_events,
    coroutines,
    events,
    exceptions,
    futures,
    locks,
    protocols,
    queues,
    runners,
    streams,
    subprocess,
    taskgroups,
    tasks,
    threads,
    timeouts,
    transports,
    unikernel_events,
)

__all__ = ()
for _module in (
    base_events,
    coroutines,
    events,
    exceptions,
    futures,
    locks,
    protocols,
    queues,
    runners,
    streams,
    subprocess,
    taskgroups,
    tasks,
    threads,
    timeouts,
    transports,
    unikernel_events,
):
    __all__ += tuple(_module.__all__)
    for _name in _module.__all__:
        globals()[_name] = getattr(_module, _name)
del _module, _name
