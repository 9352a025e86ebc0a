"""Accounts as people name them in one line: “Threads · Harbour, TikTok”, or a set of them."""

from collections.abc import Mapping, Sequence

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
