"""What accounts allow now, where their services tell."""

import asyncio
from collections.abc import Sequence

from bot.domain.limits import AccountLimits
from bot.domain.server import Account
from bot.errors import ProviderError
from bot.workflow.desk import Desk
from providers.base import ReadsAccountLimits


async def of(desk: Desk, accounts: Sequence[Account]) -> dict[int, AccountLimits | None]:
    """What accounts allow now, by account id; None where a service did not answer.

    Accounts whose service tells nothing, and those that must be reconnected, are left out.
    """
    asked = [
        account
        for account in accounts
        if desk.services.capabilities(account.provider).reads_account_limits and account.usable
    ]
    told = await asyncio.gather(*(_of(desk, account) for account in asked))
    return {account.id: limits for account, limits in zip(asked, told, strict=True)}


async def _of(desk: Desk, account: Account) -> AccountLimits | None:
    provider = await desk.services.of(account.server_id, account.connection_id)
    if not isinstance(provider, ReadsAccountLimits):
        return None
    try:
        return await provider.account_limits(account.remote_id)
    except ProviderError as error:
        desk.breakers.doubt(account.server_id, account.connection_id, error)
        return None  # the service refuses at the slot what the account does not allow
