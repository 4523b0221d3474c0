# hello - the smallest application: a line on the console, exit code 0. `hello exit N` exits with N instead.
import sys


def main(arguments):
    """Greet; return the exit code."""
    if not arguments:
        print("Hello from pymnet!")
        return 0
    if len(arguments) == 2 and arguments[0] == "exit":
        return int(arguments[1])
    print("usage: hello [exit N]")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
