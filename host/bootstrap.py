"""Set up a fresh machine: Debian packages and the virtual environment in .venv. Runs as `python3 -m
host.bootstrap` before anything is installed, so it uses the standard library only. It contacts apt and the
package index only for what is missing: a complete machine needs no network."""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

from host.errors import HostError, os_errors
from host.paths import ROOT, VENV, cache

# Debian package -> a command or an absolute path that shows that it is installed.
RUN_PACKAGES = {
    "qemu-system-x86": "qemu-system-x86_64",
    "gcc": "gcc",
    "libc6-dev": "/usr/include/stdio.h",
    "make": "make",
    "patch": "patch",
    "iproute2": "ip",
    "netcat-openbsd": "nc",
}
TEST_PACKAGES = RUN_PACKAGES | {
    "iputils-ping": "ping",
    "iputils-arping": "arping",
    "ndisc6": "ndisc6",
    "radvd": "radvd",
    "traceroute": "traceroute",
    "cppcheck": "cppcheck",
    "redis-tools": "redis-cli",
    "openssl": "openssl",
    "curl": "curl",
    "gnutls-bin": "gnutls-cli",
}
REQUIREMENTS = ROOT / "host" / "requirements.txt"
SBIN = "/usr/sbin:/sbin"


def is_there(sign: str) -> bool:
    if sign.startswith("/"):
        return Path(sign).exists()
    return shutil.which(sign, path=f"{os.environ.get('PATH', os.defpath)}:{SBIN}") is not None


def missing_packages(packages: dict[str, str]) -> list[str]:
    """Return the missing Debian packages, without running apt."""
    missing = [name for name, sign in packages.items() if not is_there(sign)]
    try:
        import ensurepip  # noqa: F401 - Debian's python3 comes without it
    except ImportError:
        if not venv_is_ready():
            missing.append(f"python3.{sys.version_info.minor}-venv")
    return missing


def as_root(command: list[str]) -> list[str]:
    """Return the command with a prefix that runs it as root."""
    if os.geteuid() == 0:
        return command
    if shutil.which("sudo"):
        return ["sudo", *command]
    raise HostError(f"needs root and there is no sudo: run this as root: {' '.join(command)}")


def install_packages(missing: list[str]) -> None:
    if not shutil.which("apt-get"):
        raise HostError(f"missing tools: install what Debian calls {' '.join(missing)}, then run this again")
    print(f"bootstrap: installing Debian packages: {' '.join(missing)}", flush=True)
    quietly = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y", "-qq"]
    install = as_root([*quietly, "install", "--no-install-recommends", *missing])
    # A stale or broken third-party list is no error: only the install must succeed.
    subprocess.run(as_root(["apt-get", "update", "-qq"]), check=False)
    done = subprocess.run(install, check=False)
    if done.returncode != 0:
        raise HostError(f"apt could not install {' '.join(missing)}: see its message above")


def requirements_digest() -> str:
    """Return a digest of the wheels and the environment: requirements and interpreter."""
    tag = f"{sys.implementation.cache_tag} {sysconfig.get_platform()}\n"
    return hashlib.sha256(tag.encode() + REQUIREMENTS.read_bytes()).hexdigest()[:16]


def stamp() -> Path:
    return VENV / "pymnet-stamp"


def venv_is_ready() -> bool:
    """Whether the environment is complete. The stamp is written last."""
    return stamp().is_file() and stamp().read_text() == requirements_digest()


def pip_reason(output: str) -> str:
    """Return why pip failed. Without a connection its last line is that there is no such package."""
    if broken := re.search(r"connection broken by '(.+?)'(?:: /|$)", output, re.MULTILINE):
        return f"no connection to the package index: {broken[1][:200]}"
    lines = [line for line in output.splitlines() if line.strip()] or ["no message"]
    return next((line for line in lines if line.startswith("ERROR")), lines[-1])


def pip(*arguments: str, problem: str) -> None:
    done = subprocess.run(
        [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "-q", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise HostError(f"{problem}: {pip_reason(done.stderr + done.stdout)}")


def wheels() -> Path:
    """Return the folder with all wheels, downloaded once and kept for the next clone."""
    folder = cache() / "wheels" / requirements_digest()
    if folder.is_dir():
        return folder
    print("bootstrap: downloading Python packages", flush=True)
    partial = folder.with_name(f"{folder.name}.{os.getpid()}.partial")
    partial.mkdir(parents=True)
    try:
        download = ["download", "--only-binary=:all:", "-d", str(partial), "-r", str(REQUIREMENTS)]
        pip(*download, problem="cannot download Python packages")
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def make_venv() -> None:
    print("bootstrap: making the virtual environment .venv", flush=True)
    try:
        venv.create(VENV, clear=True, with_pip=True, symlinks=True)
    except subprocess.CalledProcessError as error:
        raise HostError(f"cannot make .venv: {' '.join(map(str, error.cmd[:4]))} failed") from error
    found = str(wheels())
    pip("install", "--no-index", "--find-links", found, "-r", str(REQUIREMENTS), problem="pip cannot install")
    stamp().write_text(requirements_digest())


def bootstrap(packages: dict[str, str]) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - any python3 may be asked to run this
        raise HostError(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}: set PYTHON=")
    missing = missing_packages(packages)
    if missing:
        install_packages(missing)
    if not venv_is_ready():
        with os_errors("cannot make .venv"):
            make_venv()


def main() -> int:
    parser = argparse.ArgumentParser(prog="host.bootstrap", description="Install what pymnet needs.")
    parser.add_argument("purpose", choices=["run", "test"], help="what the machine is set up for")
    purpose = parser.parse_args().purpose
    try:
        bootstrap(TEST_PACKAGES if purpose == "test" else RUN_PACKAGES)
    except HostError as error:
        print(f"bootstrap: {error}", file=sys.stderr)
        return error.code
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
