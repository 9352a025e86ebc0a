"""Account sets: accounts that are chosen together, such as those of one brand.

Where accounts are chosen, a set is offered beside them under a value of its own, `set:<id>`.
"""

from collections.abc import Sequence

import db.accounts
import db.events
import db.sets
from bot.domain.event import EventKind
from bot.domain.server import AccountSet
from bot.errors import InputError, NotFoundError, Problem
from bot.workflow.desk import Desk

LONGEST_NAME = 64
"""Characters of a set's name."""

MOST = 25
"""Sets of one server: as many as a select offers."""

_PREFIX = "set:"
_DIGITS = 18  # of an id: more is none of ours, and too large for a database


def value(item: AccountSet) -> str:
    """What stands for a set where accounts are chosen."""
    return f"{_PREFIX}{item.id}"


async def find(desk: Desk, server_id: int) -> list[AccountSet]:
    """A server's sets, by name."""
    async with desk.database.reading() as reading:
        return await db.sets.find(reading, server_id=server_id)


async def expand(desk: Desk, server_id: int, values: Sequence[str]) -> tuple[int, ...]:
    """The account ids that were chosen: of accounts by their ids, of sets by `value`; each once,
    in order. A set that is gone, and what is neither, bring
    nothing.
    """
    sets = {value(item): item.account_ids for item in await find(desk, server_id)}
    chosen: dict[int, None] = {}
    for each in values:
        is_number = each.isascii() and each.isdigit() and len(each) <= _DIGITS
        chosen |= dict.fromkeys((int(each),) if is_number else sets.get(each, ()))
    return tuple(chosen)


async def save(
    desk: Desk, *, server_id: int, user_id: int, name: str, account_ids: Sequence[int]
) -> AccountSet:
    """Make a set, or change the one of this name; the set. Raises InputError, and NotFoundError for
    an account of elsewhere.
    """
    name = " ".join(name.split())
    async with desk.database.transaction() as transaction:
        known = await db.sets.find(transaction, server_id=server_id)
        if problem := _problem(name, account_ids, known):
            raise InputError([problem])
        found = await db.accounts.find(transaction, server_id=server_id, ids=account_ids)
        if len(found) < len(set(account_ids)):
            raise NotFoundError("One of the accounts is gone.", remedy="Choose again.")
        await db.sets.save(
            transaction,
            server_id=server_id,
            name=name,
            account_ids=account_ids,
            user_id=user_id,
            now=desk.now(),
        )
        changed = _changed(server_id, user_id, name, account_ids)
        await db.events.append(transaction, [changed], now=desk.now())
        kept = await db.sets.find(transaction, server_id=server_id)
    return next(item for item in kept if item.name == name)


async def remove(desk: Desk, *, server_id: int, user_id: int, name: str) -> None:
    """Forget a set; its accounts stay. Raises NotFoundError."""
    async with desk.database.transaction() as transaction:
        if not await db.sets.remove(transaction, server_id=server_id, name=name):
            raise NotFoundError(f"There is no set “{name}” here.", remedy="Choose one of the list.")
        gone = _changed(server_id, user_id, name, ())
        await db.events.append(transaction, [gone], now=desk.now())


def _problem(name: str, account_ids: Sequence[int], known: Sequence[AccountSet]) -> Problem | None:
    if not 0 < len(name) <= LONGEST_NAME:
        return Problem(
            field="Name",
            message=f"it has {len(name)} characters; {LONGEST_NAME} are the most.",
            remedy="Give a short name, such as that of a brand.",
        )
    if not account_ids:
        return Problem(
            field="Accounts", message="none was chosen.", remedy="Choose at least one account."
        )
    if len(known) >= MOST and name not in {item.name for item in known}:
        return Problem(
            field="Name",
            message=f"there are {len(known)} sets already; {MOST} are the most.",
            remedy="Delete one with /account set delete:True.",
        )
    return None


def _changed(
    server_id: int, user_id: int, name: str, account_ids: Sequence[int]
) -> db.events.Happened:
    ids = ",".join(map(str, account_ids))
    return db.events.Happened(
        server_id=server_id,
        kind=EventKind.SETTINGS_CHANGED,
        actor_id=user_id,
        data={"account_set": name, "accounts": ids},
    )
