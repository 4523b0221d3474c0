"""Booted images without a network, with each runner that works here: one may be installed and not start."""

from functools import cache

import pytest
import ways

from host.build import image
from host.errors import LaunchError
from host.options import Options
from host.run import launch


@pytest.fixture(scope="session", autouse=True)
def bootable() -> None:
    ways.skip_if_none()


@cache
def obstacle(name: str) -> str:
    """Return why no guest runs that way; empty if one does."""
    if ways.WAYS[name]:
        return ways.WAYS[name]
    image.build("hello")
    try:
        with launch.launch("hello", Options(accelerator=name)) as guest:
            guest.wait(timeout=60)
    except LaunchError as error:
        return str(error)
    return ""


@pytest.fixture(params=list(ways.WAYS))
def accelerator(request: pytest.FixtureRequest) -> str:
    """Run the test once with each runner."""
    if obstacle(request.param):
        pytest.skip(obstacle(request.param))
    return str(request.param)
