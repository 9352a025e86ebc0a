"""Accounts as people name them in one line."""

import pytest

from bot.domain import naming

KNOWN = {"Brand": [1, 2], "Threads · Harbour": [1], "TikTok · Harbour": [2], "TikTok · Quay": [3]}


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("Threads · Harbour", [1]),
        ("brand", [1, 2]),
        ("tiktok", [2, 3]),
        ("harbour", [1, 2]),
        ("Orkut", []),
    ],
)
def test_what_a_name_means(name: str, ids: list[int]) -> None:
    """A whole name means itself, a part of one all that hold it; case does not matter."""
    assert naming.meant(name, KNOWN) == ids


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("quay", ["TikTok · Quay"]),
        ("Brand, quay", ["Brand, TikTok · Quay"]),
        ("Brand, br", []),
        ("Brand,", [f"Brand, {name}" for name in KNOWN if name != "Brand"]),
    ],
)
def test_the_last_name_is_completed(text: str, lines: list[str]) -> None:
    """What stands before the last comma stays, and is not offered again."""
    assert naming.completed(text, list(KNOWN), longest=100) == lines


def test_what_is_too_long_is_not_suggested() -> None:
    """Discord takes 100 characters of a suggestion; what would be cut would mean something else."""
    assert naming.completed("Brand, ", list(KNOWN), longest=18) == []
