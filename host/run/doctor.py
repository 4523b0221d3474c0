"""`pymnet doctor`: what this machine can build and run, and what to install."""

import os
import shutil
from pathlib import Path

from host import bootstrap
from host.build import unikraft
from host.run import qemu

TUN = Path("/dev/net/tun")
REQUIRED = ("gcc", "libc6-dev", "make", "patch", "qemu-system-x86")
APT = ("apt-get", "dpkg-deb")


def lines() -> list[tuple[bool, str, str]]:
    """Return (whether it works, what, why not or what it means) of everything that is looked at."""
    found = []
    for package in REQUIRED:
        there = bootstrap.is_there(bootstrap.RUN_PACKAGES[package])
        found.append((there, package, "" if there else "missing"))
    for tool in APT:
        there = shutil.which(tool) is not None
        found.append(
            (there, tool, "" if there else "missing: MicroPython's source comes from Debian's archive")
        )
    kvm = qemu.kvm_obstacle()
    found.append((not kvm, "KVM", kvm and f"{kvm}: images run on a slow emulator"))
    taps = TUN.exists() and os.access(TUN, os.R_OK | os.W_OK)
    found.append(
        (taps, "taps", "" if taps else f"no access to {TUN}: user networking works without (-p 8080:80)")
    )
    for tender in ("solo5-hvt", "solo5-spt"):
        there = shutil.which(tender) is not None
        ours = "our own tender runs its images" if tender == "solo5-hvt" else "its images can be built only"
        found.append((there, tender, "" if there else f"not on PATH: {ours}"))
    why = unikraft.obstacle()
    found.append((not why, "Unikraft", why))
    return found


def show() -> int:
    """Print everything. Returns 1 if no image can be built or run."""
    found = lines()
    for works, what, why in found:
        print(f"{'ok' if works else 'no':3} {what}{': ' if why else ''}{why}")
    missing = [what for works, what, _ in found if not works and what in REQUIRED]
    if missing:
        print(f"install what is missing: sudo apt-get install {' '.join(missing)}")
    return int(bool(missing) or any(not works and what in APT for works, what, _ in found))
