# An interface without memory for its packets.
from mkernel import scheduler
from mnet import runner as runner_module
from unit.sockets.network import on_network


class Collector:
    """In place of the module gc."""

    def __init__(self):
        self.on = True
        self.calls = 0

    def enable(self):
        self.on = True
        self.calls += 1

    def disable(self):
        self.on = False
        self.calls += 1


@on_network
def test_packets_do_not_pay_for_a_collection_each(network):
    right, real, seen = network.right, runner_module.gc, []
    runner = right.runner
    runner_module.gc = collector = Collector()

    def fail(frame, n, verify, now):
        seen.append(collector.on)
        raise MemoryError

    try:
        right.receive = fail
        now = scheduler.now() + 1000000
        for at in (now, now + 50000, now + 150000):
            right.device.frames = [(0, bytes(60))] * 3
            runner.poll(at)
            assert collector.on
        assert seen == [True, False, False, False, False, False, True, False, False]
        runner.poll(now + 300000)
        calls = collector.calls
        runner.poll(now + 300000)
        assert collector.on and collector.calls == calls
    finally:
        runner_module.gc = real
        right.receive = right.interface.receive
