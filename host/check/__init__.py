"""The test ladder and what is beside pytest in it: linters, mutations, fuzzing, compatibility."""
