# The image's arguments start the interfaces of several devices (cli.start).
import _mkernel
from cable import cable
from mkernel import scheduler
from mnet import cli, runner
from support import raises, run


def started(arguments):
    """What runs after these arguments in an image with the devices left, middle and right, as
    {name: addresses}, and the name of the interface that cli.start() returns."""
    for name in ("left", "middle", "right"):
        _mkernel.attach(name, cable(_mkernel.clock_monotonic)[0])
    before = runner.use(None)
    try:
        first = cli.start(cli.parse(arguments))
        running = runner.current().running
        addresses = {each.name: [text for text in each.addresses if "fe80" not in text] for each in running}
        for each in list(running):
            each.kill()
        return addresses, first and first.name
    finally:
        scheduler.remove_poller(runner.current())
        runner.use(before)
        _mkernel.detach_all()


def test_arguments_without_a_name_are_for_the_first_device():
    found = run(started, ["--ipv4=10.0.0.2/24", "--ipv6=off"])
    assert found == ({"left": ["10.0.0.2/24"]}, "left")
    assert run(started, []) == ({"left": []}, "left")  # with IPv6 only


def test_named_arguments_start_other_devices():
    found = run(
        started,
        [
            "--ipv4=10.0.0.2/24",
            "--ipv6=off",
            "--ipv4:right=10.1.0.2/16",
            "--ipv6:right=fd00::2/64",
            "--acd:right",
        ],
    )
    assert found == ({"left": ["10.0.0.2/24"], "right": ["10.1.0.2/16", "fd00::2/64"]}, "left")


def test_name_of_the_first_device_replaces_the_bare_form():
    assert run(started, ["--ipv4:left=10.0.0.3/24", "--ipv6:left=off"]) == ({"left": ["10.0.0.3/24"]}, "left")
    assert run(started, ["--ipv6:left=off", "--ipv4:right=10.1.0.2/16"]) == (
        {"right": ["10.1.0.2/16"]},
        "right",
    )


def test_device_that_the_image_does_not_have_is_a_usage_error():
    error = raises(cli.UsageError, run, started, ["--ipv4:far=10.0.0.2/24"])
    assert error.args[0] == "far: no such net device; the image has: left, middle, right"
