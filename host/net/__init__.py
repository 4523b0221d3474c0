"""Taps, network namespaces, captures and user-space wires, for `invoke run` and the tests."""
