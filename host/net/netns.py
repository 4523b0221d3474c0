"""Network namespaces for tests and demonstrations: removed when the process that made them ends."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from host.errors import HostError, explain
from host.net.tap import ip

CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)  # os.unshare and os.setns are new in Python 3.12
PRIVATE_USER = ["unshare", "--user", "--map-root-user", "--net", "--"]


def _call(name: str, *arguments: int) -> None:
    if getattr(_libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)


def _present() -> int:
    """Return a descriptor of this thread's namespace."""
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


class Namespace:
    """A network namespace in which this thread, and all that it starts, lives until the block ends.

    Without a name it leaves no trace: the kernel removes it, with every tap and bridge in it, after its
    last process has ended for any reason. With one, `ip netns exec NAME ...` finds it."""

    def __init__(self, name: str = "") -> None:
        self.name = name
        self._home = -1
        self._made = False
        self._entered = False

    def __enter__(self) -> Self:
        self._home = _present()
        try:
            self._enter()
            self._entered = True
            ip("link", "set", "lo", "up")
        except BaseException as error:
            self._leave()
            if isinstance(error, PermissionError):
                raise HostError("a network namespace of our own needs root") from error
            if isinstance(error, OSError):
                raise HostError(f"cannot make a network namespace: {explain(error)}") from error
            raise
        return self

    def _enter(self) -> None:
        if not self.name:
            _call("unshare", CLONE_NEWNET)
            return
        if os.path.exists(f"/run/netns/{self.name}"):
            raise HostError(
                f"a namespace {self.name} is there already; if unused: ip netns delete {self.name}"
            )
        ip("netns", "add", self.name)
        self._made = True
        inside = os.open(f"/run/netns/{self.name}", os.O_RDONLY | os.O_CLOEXEC)
        try:
            _call("setns", inside, CLONE_NEWNET)
        finally:
            os.close(inside)

    def _leave(self) -> None:
        try:
            if self._entered:
                _call("setns", self._home, CLONE_NEWNET)
        finally:
            os.close(self._home)
        if self._made:
            ip("netns", "delete", self.name)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()


class Beside:
    """A namespace that this thread is not in, for the other end of a link, while the block runs."""

    def __enter__(self) -> Self:
        with Namespace():
            self._descriptor = _present()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)

    def take(self, interface: str) -> None:
        """Move an interface of the current namespace there; it is then down and has no addresses."""
        ip("link", "set", interface, "netns", f"/proc/{os.getpid()}/fd/{self._descriptor}")

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Run the block in that namespace. Sockets and processes that it opens stay there."""
        home = _present()
        try:
            _call("setns", self._descriptor, CLONE_NEWNET)
            yield
        finally:
            _call("setns", home, CLONE_NEWNET)
            os.close(home)


def obstacle() -> str:
    """Return why no namespace with taps can be made here; empty if it can. Starts a process, so cache the
    result."""
    for tool in ("ip", "unshare"):
        if not shutil.which(tool):
            return f"no {tool} command"
    try:
        os.close(os.open("/dev/net/tun", os.O_RDWR | os.O_CLOEXEC))
    except OSError as error:
        return f"/dev/net/tun: {error.strerror}"
    unshare = ["unshare", "--net"] if os.geteuid() == 0 else PRIVATE_USER
    tried = subprocess.run(
        [*unshare, "ip", "tuntap", "add", "dev", "probe", "mode", "tap"], capture_output=True
    )
    if tried.returncode != 0:
        return f"no network namespace: {tried.stderr.decode(errors='replace').strip()}"
    return ""


def command_prefix() -> list[str]:
    """Return a command prefix that may make namespaces: nothing for root."""
    return [] if os.geteuid() == 0 else PRIVATE_USER
