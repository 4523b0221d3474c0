"""From an application to a bootable image: fetch and patch MicroPython, lower, freeze, link, check."""
