"""What an account offers to choose from now, for a form that must open within seconds."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import db.accounts
from bot.domain.limits import AccountLimits
from bot.domain.options import Listed, Option
from bot.domain.server import Account
from bot.errors import CopydeskError
from bot.workflow import allowances
from bot.workflow.desk import Desk
from providers.base import ListsValues

PATIENCE = 1.2
"""Seconds that services are waited for: Discord wants a form within 3."""

LONGER = 4.0
"""Likewise when a form was sent, which nobody waits for so strictly."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """What an account allows, None where its service did not tell in time, and its values for the
    options that its service lists, by their names.
    """

    allowed: AccountLimits | None = None
    listed: Mapping[str, Sequence[Listed]] = field(default_factory=dict[str, Sequence[Listed]])


NOTHING = Offer()


async def of(desk: Desk, server_id: int, account_id: int, options: Sequence[Option]) -> Offer:
    """What an account offers for these options; nothing where its service does not tell in time."""
    async with desk.database.reading() as reading:
        accounts = await db.accounts.find(reading, server_id=server_id, ids=[account_id])
    names = [option.name for option in options if option.listed]
    try:
        async with asyncio.timeout(PATIENCE):
            allowed = await allowances.of(desk, accounts)
            listed = {name: await _listed(desk, each, name) for each in accounts for name in names}
    except (TimeoutError, CopydeskError):
        return NOTHING
    return Offer(allowed=allowed.get(account_id), listed=listed)


async def names(
    desk: Desk, server_id: int, account_id: int, options: Sequence[Option], given: Mapping[str, str]
) -> Mapping[str, str]:
    """What people call the given values of an account, by the names of their options; of those whose
    service lists them and tells it in time.
    """
    asked = [option for option in options if option.listed and given.get(option.name, "").strip()]
    if not asked:
        return {}
    async with desk.database.reading() as reading:
        accounts = await db.accounts.find(reading, server_id=server_id, ids=[account_id])
    try:
        async with asyncio.timeout(LONGER):
            return {
                option.name: item.name
                for account in accounts
                for option in asked
                for item in await _listed(desk, account, option.name)
                if item.value == given[option.name].strip()
            }
    except (TimeoutError, CopydeskError):
        return {}


async def _listed(desk: Desk, account: Account, option: str) -> list[Listed]:
    provider = await desk.services.of(account.server_id, account.connection_id)
    if not isinstance(provider, ListsValues) or not account.usable:
        return []
    return await provider.values_of(account.remote_id, option)
