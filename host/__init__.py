"""Host-side tools: set-up, build, images, launchers, networks. The invoke tasks in tasks.py call them."""
