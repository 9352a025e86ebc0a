"""The table of docs/performance.md is what `make bench` prints."""

import re

from benchmarks import __main__ as bench
from benchmarks.figures import HEAD, Figure, heading, share
from tests.outside.checkout import text_of


def test_the_table_has_the_rows_that_are_printed() -> None:
    """Every figure that is measured stands in the document, in order, and no other."""
    lines = [line for line in text_of("docs/performance.md").splitlines() if line.startswith("|")]
    head, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    assert tuple(head) == HEAD
    assert [row[0] for row in rows] == bench.rows()
    assert all(row[1] for row in rows)


def test_every_target_can_be_compared() -> None:
    """A target is a bound with a number: of the ratio, or with a unit of what is measured."""
    lines = [line for line in text_of("docs/performance.md").splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
    targets = [row for row in rows if row[4]]
    assert len(targets) == 7
    for _, ours, _, ratio, target in targets:
        bound = re.fullmatch(r"[<≥] ([\d.]+)(?: (\w+))?", target)
        assert bound, target
        number = rf"[\d.]+ {bound[2]}" if bound[2] else r"[\d.]+"
        assert re.fullmatch(number, ours if bound[2] else ratio)


def test_the_targets_are_met() -> None:
    """The ratios of the document keep the targets beside them."""
    found = re.findall(r"\| ([\d.]+) \| ([<≥]) ([\d.]+) \|", text_of("docs/performance.md"))
    assert found
    for ratio, sign, target in found:
        assert float(ratio) < float(target) if sign == "<" else float(ratio) >= float(target)


def test_a_figure_is_a_row() -> None:
    """A figure has a cell for each heading; a bound alone leaves its cells empty."""
    rate = Figure(what="Rate", ours="6", bare="10", ratio=0.6, target="≥ 0.6")
    assert rate.line() == "| Rate | 6 | 10 | 0.60 | ≥ 0.6 |"
    assert Figure(what="Stall", ours="9 ms").line() == "| Stall | 9 ms |  |  |  |"
    assert heading().count("|") == 2 * rate.line().count("|")


def test_shares() -> None:
    """A share is the value that so many percent do not exceed, in any order, of any number."""
    assert share(list(map(float, range(100))), 99) == 99
    assert share([1.0], 99) == 1
    assert share([3.0, 1.0, 2.0], 50) == 2


def test_an_unknown_part_is_refused() -> None:
    """A part that there is not is named, and nothing is measured."""
    assert bench.main(["moon"]) == 1
