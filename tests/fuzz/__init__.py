"""Targets for coverage-guided fuzzing (`invoke fuzz`), and their corpus."""
