# _boot: arguments, exit codes. Its effect on a whole image is tested in tests/guest.

import _boot
from mkernel.errors import Deadlock


def test_arguments_are_split_like_a_shells():
    assert _boot.split("") == []
    assert _boot.split("  a\tb  c\n") == ["a", "b", "c"]
    assert _boot.split('--name=\'two words\' "" x"y"z') == ["--name=two words", "", "xyz"]
    assert _boot.split('it"\'"s') == ["it's"]


def test_exit_codes():
    assert _boot.exit_code(None) == 0
    assert _boot.exit_code(SystemExit()) == 0
    assert _boot.exit_code(SystemExit(None)) == 0
    assert _boot.exit_code(SystemExit(7)) == 7
    assert _boot.exit_code(SystemExit(True)) == 1 and _boot.exit_code(SystemExit(False)) == 0
    assert _boot.exit_code(SystemExit("a message")) == 1
    assert _boot.exit_code(Deadlock("test")) == 3
