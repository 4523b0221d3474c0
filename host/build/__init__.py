"""Build a bootable image from an application: fetch and patch MicroPython, lower, freeze, link, check."""
