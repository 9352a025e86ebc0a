"""Accounts as people name them: several in one line (“Threads · Harbour, TikTok”), or a set of them;
and what tells one from others of its name.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.server import LONGEST_MARK, Account

SEPARATOR = ","


def pieces(text: str) -> list[str]:
    """The names in a line, as they were typed."""
    return [piece.strip() for piece in text.split(SEPARATOR) if piece.strip()]


def meant(name: str, known: Mapping[str, Sequence[int]]) -> list[int]:
    """The ids behind a name; of one that is no whole name, those of every name that holds it."""
    typed = name.casefold()
    for each, ids in known.items():
        if each.casefold() == typed:
            return list(ids)
    return [each for found, ids in known.items() if typed in found.casefold() for each in ids]


def completed(text: str, known: Sequence[str], *, longest: int) -> list[str]:
    """What a line may become: its names so far, the last one completed. Each has at most `longest`
    characters.
    """
    before, _, last = text.rpartition(SEPARATOR)
    had = pieces(before)
    taken = {name.casefold() for name in had}
    typed = last.strip().casefold()
    found = [
        ", ".join([*had, name])
        for name in known
        if typed in name.casefold() and name.casefold() not in taken
    ]
    return [line for line in found if len(line) <= longest]


def told_apart(accounts: Sequence[Account], vias: Sequence[str]) -> list[Account]:
    """A server's accounts, those of the same name with what tells them apart: their username, or
    where that is the same too, how their connection is called (`vias`, one for each account).
    """
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for account in accounts:
        alike[account.label.casefold()].append(account.username.casefold())
    return [
        replace(account, apart=_apart(account, via, alike[account.label.casefold()]))
        for account, via in zip(accounts, vias, strict=True)
    ]


def _apart(account: Account, via: str, usernames: Sequence[str]) -> str:
    if len(usernames) == 1:
        return ""
    is_own = usernames.count(account.username.casefold()) == 1
    return (f"@{account.username}" if is_own else via)[:LONGEST_MARK]
