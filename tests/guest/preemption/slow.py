# slow.py - a module whose import computes for many switch intervals.

for _ in range(200_000):
    pass
READY = True
