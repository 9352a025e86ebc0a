"""What is printed: one row per figure, ours beside that of a bare library in the same run."""

import statistics
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

ROUNDS = 5
HEAD = ("What", "Copydesk", "Compared with", "Ratio", "Target")

Measured = Callable[[], Awaitable[float]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """One row: `ours` and `bare` in words with their unit, `bare` empty where a bound is all."""

    what: str
    ours: str
    bare: str = ""
    ratio: float | None = None
    target: str = ""

    def line(self) -> str:
        """The row as Markdown."""
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return row((self.what, self.ours, self.bare, ratio, self.target))


def row(cells: Sequence[str]) -> str:
    """One line of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def heading() -> str:
    """The two lines a Markdown table begins with."""
    return f"{row(HEAD)}\n|{'---|' * len(HEAD)}"


async def compare(*measured: Measured, rounds: int = ROUNDS) -> list[float]:
    """Measure each in turn, so that a busy moment hits all; the median of each."""
    found = [[await each() for each in measured] for _ in range(rounds)]
    return [middle(column) for column in zip(*found, strict=True)]


def middle(values: Sequence[float]) -> float:
    """The median."""
    return statistics.median(values)


def share(values: Sequence[float], percent: int) -> float:
    """The value that so many percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def say(words: str) -> None:
    """Tell whoever waits, beside the table."""
    sys.stderr.write(words + "\n")
