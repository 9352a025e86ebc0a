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
    found += _own_texts(before, after)
    accounts = _accounts(before), _accounts(after)
    if accounts[0] == accounts[1]:  # two things of one name are told apart by their ids
        accounts = _accounts(before, by_id=True), _accounts(after, by_id=True)
    for part, old, new in (
        ("Files", _files(before), _files(after)),
        ("Cover", _cover(before), _cover(after)),
        ("Accounts", *accounts),
        ("When", _when(before), _when(after)),
        ("Repeats", before.repeats, after.repeats),
        ("Who keeps the time", str(before.timing), str(after.timing)),
    ):
        if old != new:
            pieces: list[tuple[Mark, str]] = [("-", old or "none"), ("+", new or "none")]
            found.append(Change(part, tuple(pieces)))
    return found


def _own_texts(before: Revision, after: Revision) -> list[Change]:
    """What changed in the texts that accounts have of their own, or take from the post."""
    found: list[Change] = []
    had = {target.account_id: target for target in before.targets}
    for target in after.targets:
        was = had.get(target.account_id)
        if not (target.has_own_text or (was and was.has_own_text)):
            continue
        old_text = before.text_of(was) if was else ("", "")
        texts = zip(("Text", "Title"), old_text, after.text_of(target), strict=True)
        found += [
            Change(f"{part} for {target.label}", tuple(_words(old, new)))
            for part, old, new in texts
            if old != new
        ]
    return found


def _words(old: str, new: str) -> list[tuple[Mark, str]]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    pieces: list[tuple[Mark, str]] = []
    went = came = ""
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        same = "".join(before[a:b]) if kind == "equal" else None
        if same is None or (same.isspace() and went and came):
            went += "".join(before[a:b])  # words that follow each other change together
            came += "".join(after[c:d])
            continue
        pieces += _changed(went, came)
        pieces.append(("=", _near(before[a:b])))
        went = came = ""
    return pieces + _changed(went, came)


def _changed(went: str, came: str) -> list[tuple[Mark, str]]:
    """What went and what came, and then the space that both end with."""
    space = went[-1:] if went[-1:].isspace() and went[-1:] == came[-1:] else ""
    end = -1 if space else None
    pieces: list[tuple[Mark, str]] = [("-", went[:end]), ("+", came[:end]), ("=", space)]
    return [(mark, piece) for mark, piece in pieces if piece]


def _near(words: Sequence[str]) -> str:
    """What stayed, without its middle where it is long."""
    if len(words) <= 4 * _AROUND:
        return "".join(words)
    return "".join([*words[: 2 * _AROUND], "…", *words[-2 * _AROUND :]])


def _files(content: Revision) -> str:
    if content.clip:
        return content.clip.label
    return ", ".join(f"{media.filename} ({media.sha256[:8]})" for media in content.media)


def _cover(content: Revision) -> str:
    cover = content.cover
    return f"{cover.words} ({cover.picture.sha256[:8]})" if cover else "as the platform chooses"


def _accounts(content: Revision, *, by_id: bool = False) -> str:
    named: list[str] = []
    for target in content.targets:
        own = [
            f"{name} {value if by_id else target.named.get(name, value)}"
            for name, value in sorted(target.options.items())
        ]
        own += ["a text of its own"] * target.has_own_text
        named.append(f"{target.label} ({', '.join(own)})" if own else target.label)
    return "; ".join(named)


def _when(content: Revision) -> str:
    return f"{content.due_at:%Y-%m-%d %H:%M} UTC" if content.due_at else "as soon as approved"
