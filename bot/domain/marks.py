"""The reactions that vote: those that are usual, or those that a server chose."""

import re
from collections.abc import Mapping

from bot.domain.approval import Verdict
from bot.domain.emoji import EMOJI
from bot.errors import InputError, Problem

Marks = Mapping[Verdict, str]

USUAL: Marks = {
    Verdict.APPROVE: "✅",
    Verdict.REJECT: "❌",
    Verdict.CHANGES: "✏️",
    Verdict.HOLD: "⏸️",
}
"""The reactions that vote, in the order in which a card offers them."""

USUAL_WORD = "usual"
"""What is typed to have the usual ones again."""

_CUSTOM = re.compile(r"<a?:\w{2,32}:(?P<id>\d{15,20})>")
_AS_PICTURE = "\ufe0f"  # some clients leave it out


def parse(text: str) -> str:
    """Four reactions as they are kept, from what an admin types: to approve, to reject, to ask for
    changes, to hold. Raises InputError.
    """
    if text.strip().lower() == USUAL_WORD:
        return ""
    found = text.split()
    wrong = [item for item in found if not (_CUSTOM.fullmatch(item) or EMOJI.fullmatch(item))]
    if wrong:
        raise _problem(f"“{wrong[0][:40]}” is no emoji.")
    if len({_plain(item) for item in found}) != len(USUAL) or len(found) != len(USUAL):
        raise _problem(f"four different ones are needed, and these are {len(found)}.")
    return " ".join(found)


def of(kept: str) -> Marks:
    """The reactions as they were kept; the usual ones where none were."""
    return dict(zip(USUAL, kept.split(), strict=True)) if kept else USUAL


def custom_ids(kept: str) -> list[int]:
    """The ids of those that are a server's own."""
    return [int(found["id"]) for found in _CUSTOM.finditer(kept)]


def verdict(marks: Marks, emoji: str) -> Verdict | None:
    """What a reaction votes; None for all others, which mean nothing."""
    plain = _plain(emoji)
    return next((said for said, mark in marks.items() if _plain(mark) == plain), None)


def _plain(emoji: str) -> str:
    """An emoji as it is compared: its own id where it has one, since names change."""
    custom = _CUSTOM.fullmatch(emoji)
    return custom["id"] if custom else emoji.replace(_AS_PICTURE, "")


def _problem(message: str) -> InputError:
    remedy = f"Give four for approve, reject, changes and hold, such as {' '.join(USUAL.values())}"
    return InputError(
        [Problem(field="Emoji", message=message, remedy=f"{remedy}; or {USUAL_WORD}.")]
    )
