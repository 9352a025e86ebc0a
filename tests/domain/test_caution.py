"""What does not stop a post, but may not be meant."""

from datetime import timedelta

import pytest

from bot.domain.caution import Sent, are_alike, cautions
from tests.scripted import START

NEW = Sent(post_id=1, at=START, caption="Fresh beans from Kenya today", files=frozenset({"a"}))


def told(*others: Sent, daily: int | None = None) -> list[str]:
    """The fields of what is told."""
    return [problem.field for problem in cautions(NEW, others, "Desk", daily)]


def another(hours: float, caption: str = "Closed", *files: str, post_id: int = 2) -> Sent:
    """Another post to the same account, so many hours later."""
    at = START + timedelta(hours=hours)
    return Sent(post_id=post_id, at=at, caption=caption, files=frozenset(files))


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Fresh beans from Kenya today!", "fresh  BEANS from Kenya, today", True),
        ("Fresh beans from Kenya today", "Fresh beans from Peru, tomorrow maybe", False),
        ("Open", "open!", True),
        ("Open", "Closed", False),
        ("", "", False),
        ("☕", "🍪", False),
        ("新しい 豆 です", "新しい 豆 です。", True),
    ],
)
def test_nearly_the_same_text(one: str, other: str, *, alike: bool) -> None:
    """Capitals, signs and spaces make no other text; two texts without words are not compared."""
    assert are_alike(one, other) is alike
    assert are_alike(other, one) is alike


@pytest.mark.parametrize(
    ("other", "fields"),
    [
        (another(48, "Other", "a"), ["Again"]),
        (another(-48, "FRESH beans from Kenya today"), ["Again"]),
        (another(48.1, "Other", "a"), []),
        (another(0.9), ["When"]),
        (another(-0.9), ["When"]),
        (another(1), []),
        (another(0, "Other", "a", post_id=1), []),
    ],
)
def test_again_and_too_close(other: Sent, fields: list[str]) -> None:
    """The same content counts within 48 hours, another post within one; a post is not its own."""
    assert told(other) == fields


def test_which_post_is_named() -> None:
    """What is told names the account, the other post, and what to do."""
    [problem] = cautions(NEW, [another(5, "Other", "a")], "Desk", None)
    assert problem.message == "Desk: post 2 has the same file, within 48 hours."
    assert problem.remedy == ("Change this one, or leave the account out, if that is not meant.")


@pytest.mark.parametrize(
    ("hours", "count"),
    [((-20, -10), 3), ((-30, -10), 2), ((-13, 12), 2), ((-13, 10.9), 3), ((2, 23.9), 3)],
)
def test_posts_in_a_day(hours: tuple[float, float], count: int) -> None:
    """The most posts in any 24 hours that the new one is in are compared with what is taken."""
    others = [another(each, post_id=2 + number) for number, each in enumerate(hours)]
    assert told(*others, daily=count) == []
    assert told(*others, daily=count - 1) == ["When"]


def test_nobody_knows_how_many() -> None:
    """Where no number is documented, none is told."""
    assert told(*(another(2 + n / 10, post_id=2 + n) for n in range(100))) == []
