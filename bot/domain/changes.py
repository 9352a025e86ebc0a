"""What changed between two revisions: the text word by word, the rest before and after."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from bot.domain.post import Revision

Mark = Literal["=", "-", "+"]
_WORDS = re.compile(r"\s+|\S+")
_AROUND = 5
"""Words that are left around what changed in a text."""


@dataclass(frozen=True, slots=True)
class Change:
    """One part that changed: pieces that stayed, went and came, in their order."""

    part: str
    pieces: tuple[tuple[Mark, str], ...]


def changes(before: Revision, after: Revision) -> list[Change]:
    """What changed, part by part, as it concerns whoever approves."""
    found = [
        Change(part, tuple(_words(old, new)))
        for part, old, new in (
            ("Text", before.caption, after.caption),
            ("Title", before.title, after.title),
        )
        if old != new
    ]
    for part, old, new in (
        ("Files", _files(before), _files(after)),
        ("Accounts", _accounts(before), _accounts(after)),
        ("When", _when(before), _when(after)),
        ("Repeats", before.repeats, after.repeats),
        ("Who keeps the time", str(before.timing), str(after.timing)),
    ):
        if old != new:
            pieces: list[tuple[Mark, str]] = [("-", old or "none"), ("+", new or "none")]
            found.append(Change(part, tuple(pieces)))
    return found


def _words(old: str, new: str) -> list[tuple[Mark, str]]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    pieces: list[tuple[Mark, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(("=", _near(before[a:b])))
            continue
        if b > a:
            pieces.append(("-", "".join(before[a:b])))
        if d > c:
            pieces.append(("+", "".join(after[c:d])))
    return pieces


def _near(words: Sequence[str]) -> str:
    """What stayed, without its middle where it is long."""
    if len(words) <= 4 * _AROUND:
        return "".join(words)
    return "".join([*words[: 2 * _AROUND], "…", *words[-2 * _AROUND :]])


def _files(content: Revision) -> str:
    if content.clip:
        return content.clip.label
    return ", ".join(f"{media.filename} ({media.sha256[:8]})" for media in content.media)


def _accounts(content: Revision) -> str:
    named: list[str] = []
    for target in content.targets:
        options = ", ".join(f"{name} {value}" for name, value in sorted(target.options.items()))
        named.append(f"{target.label} ({options})" if options else target.label)
    return "; ".join(named)


def _when(content: Revision) -> str:
    return f"{content.due_at:%Y-%m-%d %H:%M} UTC" if content.due_at else "as soon as approved"
