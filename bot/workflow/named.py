"""Accounts and sets of a server, as people name them in one line."""

from bot.domain import naming
from bot.errors import InputError, Problem
from bot.workflow import connect, sets
from bot.workflow.desk import Desk

LONGEST = 100
"""Characters of a line that is suggested: Discord's limit of a choice."""


async def read(desk: Desk, server_id: int, text: str) -> tuple[int, ...]:
    """The ids of the accounts that a line names, each once and in order. Raises InputError with
    every name that is none.
    """
    known = await _known(desk, server_id)
    found = {piece: naming.meant(piece, known) for piece in naming.pieces(text)}
    if unknown := [piece for piece, ids in found.items() if not ids]:
        raise InputError([_unknown(piece, list(known)) for piece in unknown])
    return tuple(dict.fromkeys(each for ids in found.values() for each in ids))


async def suggest(desk: Desk, server_id: int, text: str) -> list[str]:
    """What a line of names may become."""
    return naming.completed(text, list(await _known(desk, server_id)), longest=LONGEST)


async def _known(desk: Desk, server_id: int) -> dict[str, list[int]]:
    """The ids behind each name: of sets, and of accounts, where several may have the same."""
    known = {each.name: list(each.account_ids) for each in await sets.find(desk, server_id)}
    for account in await connect.accounts(desk, server_id):
        known.setdefault(account.label, []).append(account.id)
    return known


def _unknown(piece: str, known: list[str]) -> Problem:
    shown = ", ".join(known[:5]) or "none"
    more = f" and {len(known) - 5} more" if len(known) > 5 else ""
    return Problem(
        field="Accounts",
        message=f"“{piece[:60]}” is no account and no set here; there are {shown}{more}.",
        remedy="Choose among those that are suggested, with commas between them.",
    )
