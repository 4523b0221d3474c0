"""The test ladder, and checks outside pytest: linters, mutations, fuzzing, compatibility."""
