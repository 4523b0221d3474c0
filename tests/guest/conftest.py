"""For tests under both accelerators: KVM is left out where it is not there, or there and does not start."""

from functools import cache

import pytest

from host import image, launch
from host.errors import LaunchError
from host.options import Options


@cache
def obstacle() -> str:
    """Why no guest runs under KVM; empty if one does."""
    if launch.kvm_obstacle():
        return launch.kvm_obstacle()
    image.build("hello")
    try:
        with launch.launch("hello", Options(accelerator="kvm")) as guest:
            guest.wait(timeout=60)
    except LaunchError as error:
        return str(error)
    return ""


@pytest.fixture(params=["tcg", "kvm"])
def accelerator(request: pytest.FixtureRequest) -> str:
    """Runs the test once under each."""
    if request.param == "kvm" and obstacle():
        pytest.skip(obstacle())
    return str(request.param)
