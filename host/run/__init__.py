"""Start images: a runner for each kind of board, the guest's console and exit code."""
