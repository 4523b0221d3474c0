"""host/fuzz: the output of the processes in one line, and the handling of findings."""

import sys

import pytest

from host.check import fuzz
from host.errors import HostError

ONE = "#2\tINITED cov: 10 ft: 20 corp: 1/1b\n#512\tpulse  cov: 10 ft: 25\nDone 900 runs in 5 second(s)\n"
FOUND = "#128\tNEW    cov: 12 ft: 31 corp: 2/2b\n==7== ERROR: libFuzzer: deadly signal\n"


def test_the_processes_are_summed():
    said = fuzz.summary("ip", [ONE, FOUND], 2.0, [])
    assert said == "ip: 1028 executions in 2 s, 514 a second, 0 caught bugs, 31 coverage features"


def test_a_process_that_never_began_counts_nothing():
    assert (fuzz.runs("no such module\n"), fuzz.features("")) == (0, 0)


@pytest.mark.parametrize("body, bad", [("print('Done 3 runs')", 0), ("raise SystemExit(77)", 1)])
def test_one_bad_process_is_a_failure(body, bad, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(fuzz, "BUILD", tmp_path / "build")
    monkeypatch.setattr(fuzz, "FOLDER", tmp_path / "fuzz")
    monkeypatch.setattr(fuzz, "argv", lambda *_: [sys.executable, "-c", body])
    monkeypatch.setattr(fuzz.os, "cpu_count", lambda: 3)
    assert fuzz.fuzz("ip", 1) == 3 * bad
    assert f"ip: {0 if bad else 9} executions" in capsys.readouterr().out


def test_an_unknown_target():
    with pytest.raises(HostError, match="no target 'arp': there are ip, tcp"):
        fuzz.run("arp", 1, "")
