"""What changed between two texts, word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.changes import Change, changes
from tests.factories import a_revision, a_target


def of_text(old: str, new: str) -> Change | None:
    """What changed in a text."""
    found = changes(a_revision(caption=old), a_revision(caption=new))
    return found[0] if found else None


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("Fresh beans today", "Fresh Kenya beans today", "Fresh+ Kenya+ beans today"),
        ("Open Monday at nine", "Open Sunday at ten", "Open -Monday-+Sunday+ at -nine-+ten+"),
        ("one two three four", "one 2 3 four", "one -two three-+2 3+ four"),  # together
        ("all of it", "nothing left", "-all of it-+nothing left+"),
        ("", "x y", "+x y+"),
    ],
)
def test_word_by_word(old: str, new: str, shown: str) -> None:
    """What went stands before what came, and words that follow each other change together."""
    change = of_text(old, new)
    assert change is not None
    marks = {"=": "{}", "-": "-{}-", "+": "+{}+"}
    assert "".join(marks[mark].format(piece) for mark, piece in change.pieces) == shown


@given(*[st.lists(st.sampled_from(["a", "b", " ", "\n", "*"]), max_size=10).map("".join)] * 2)
def test_nothing_is_lost(old: str, new: str) -> None:
    """The pieces that stayed and went are the old text, those that stayed and came the new one."""
    change = of_text(old, new)
    assert (change is None) == (old == new)
    for text, mark in ((old, "-"), (new, "+")):
        kept = [piece for sign, piece in change.pieces if sign in ("=", mark)] if change else [text]
        assert "".join(kept) == text


def test_chosen_things_are_told_by_name() -> None:
    """A board is told by the name that people know; two of one name by their ids."""
    cakes, pies, other = (
        a_revision(targets=(a_target(options={"board": value}, named={"board": name}),))
        for value, name in (("7", "Cakes"), ("8", "Pies"), ("9", "Cakes"))
    )
    (told,) = changes(cakes, pies)
    assert [piece for _, piece in told.pieces] == [
        "Threads · Talk (board Cakes)",
        "Threads · Talk (board Pies)",
    ]
    (told,) = changes(cakes, other)
    assert [piece for _, piece in told.pieces] == [
        "Threads · Talk (board 7)",
        "Threads · Talk (board 9)",
    ]
