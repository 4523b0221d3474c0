"""Outcomes of cases, and their counts for people."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

PASSED, FAILED, UNBUILT, CRASHED, HUNG = "pass", "fail", "build", "crash", "hang"
ENDINGS = (PASSED, FAILED, UNBUILT, CRASHED, HUNG)
GROUP = re.compile(r"[a-z_]*?(?=_?\d|_[a-z]*$|$)")


@dataclass(frozen=True)
class Outcome:
    """`why` is the last line of output; empty if it passed."""

    name: str
    ending: str
    why: str = ""

    @property
    def passed(self) -> bool:
        return self.ending == PASSED

    def __str__(self) -> str:
        return f"{self.ending:5} {self.name:34} {self.why[:150]}".rstrip()


def last_line(text: str) -> str:
    """Return the last line of a traceback: the exception."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""


def group(name: str) -> str:
    """Return the group of a case for counting: `l` of l02_fstring_debug, `lang` of lang_017."""
    match = GROUP.match(name)
    return match[0] if match else name


def summary(outcomes: Iterable[Outcome]) -> str:
    """Return a line for each group with its counts."""
    tally: dict[str, Counter[str]] = {}
    for outcome in outcomes:
        tally.setdefault(group(outcome.name), Counter())[outcome.ending] += 1
    lines = [f"{'':10} {'all':>5} " + " ".join(f"{ending:>5}" for ending in ENDINGS)]
    tally["together"] = sum(tally.values(), Counter())
    for name, counts in tally.items():
        row = " ".join(f"{counts[ending]:5}" for ending in ENDINGS)
        lines.append(f"{name:10} {counts.total():5} {row}")
    return "\n".join(lines)
