"""The reactions that vote, as an admin types them."""

import pytest

from bot.domain import marks
from bot.domain.approval import Verdict
from bot.errors import InputError

OWN = "<:yes:123456789012345678>"


@pytest.mark.parametrize(
    ("text", "emoji", "expected"),
    [
        ("👍 👎 📝 🛑", "👍", Verdict.APPROVE),
        ("👍 👎 📝 🛑", "✅", None),
        ("❤️ 👎 📝 🛑", "❤", Verdict.APPROVE),
        (f"{OWN} 👎 📝 🛑", OWN, Verdict.APPROVE),
        (f"{OWN} 👎 📝 🛑", "<:renamed:123456789012345678>", Verdict.APPROVE),
        ("👍  👎\n📝 🛑 ", "🛑", Verdict.HOLD),
        (" Usual ", "✏", Verdict.CHANGES),
    ],
)
def test_what_a_reaction_says(text: str, emoji: str, expected: Verdict | None) -> None:
    """In the order approve, reject, changes, hold; however a client writes an emoji."""
    assert marks.verdict(marks.of(marks.parse(text)), emoji) is expected


@pytest.mark.parametrize(
    "text", ["", "👍 👎 📝", "👍 👍 📝 🛑", "❤ ❤️ 📝 🛑", "a b c d", "👍👎📝🛑"]
)
def test_what_is_no_four_emoji(text: str) -> None:
    """Four different emoji, or the answer says what to type."""
    with pytest.raises(InputError, match="Give four for approve, reject, changes and hold"):
        marks.parse(text)


def test_a_servers_own() -> None:
    """Those that are a server's own are known by their ids."""
    assert marks.custom_ids(f"{OWN} 👎 📝 🛑") == [123456789012345678]
