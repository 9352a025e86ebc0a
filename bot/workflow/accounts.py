"""The accounts of a server over all its connections: how they are, what they take, their names."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

import db.accounts
import db.connections
import db.events
import db.health
import db.names
from bot.domain.emoji import EMOJI
from bot.domain.event import EventKind
from bot.domain.platform import Kind
from bot.domain.server import Account, Connection
from bot.errors import CopydeskError, InputError, NotFoundError, Problem
from bot.workflow import health
from bot.workflow.desk import Desk
from db.health import Use

PATIENCE = 60.0
"""Seconds after which a service is waited for no longer."""

LONGEST_NAME = 64
"""Characters of a name that people give an account."""

NO_NAME = "none"
"""What is typed to have no name or emoji any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """An account, its connection, what it takes, and what goes out to it next."""

    account: Account
    connection: Connection
    kinds: Sequence[Kind]
    next_use: Use | None


async def overview(desk: Desk, server_id: int) -> list[Listed]:
    """All accounts of a server as they were last read, by platform and name."""
    async with desk.database.reading() as reading:
        found = await db.accounts.find(reading, server_id=server_id)
        open_ones = await db.connections.find(reading, server_id=server_id)
        uses = await db.health.next_uses(reading, server_id=server_id)
    connections = {item.id: item for item in open_ones if not item.closed_at}
    listed = [
        Listed(
            account=account,
            connection=connections[account.connection_id],
            kinds=_kinds(desk, account),
            next_use=uses.get(account.id),
        )
        for account in found
        if account.connection_id in connections
    ]
    return sorted(listed, key=lambda item: (item.account.label.casefold(), item.account.id))


async def refresh(desk: Desk, server_id: int) -> list[Problem]:
    """Read the accounts of every connection anew; what is wrong with those that could not be read.

    Raises NotFoundError when there is none.
    """
    async with desk.database.reading() as reading:
        found = await db.connections.find(reading, server_id=server_id)
    connections = [item for item in found if not item.closed_at]
    if not connections:
        raise NotFoundError(
            "No service is connected.", remedy="An admin connects one with /provider connect."
        )
    read = await asyncio.gather(*(_read(desk, item) for item in connections))
    return [problem for problem in read if problem]


async def rename(
    desk: Desk,
    *,
    server_id: int,
    user_id: int,
    account_id: int,
    nickname: str | None = None,
    emoji: str | None = None,
) -> Account:
    """Name an account as people call it, or give it an emoji; None leaves either as it is.

    Raises NotFoundError and InputError.
    """
    async with desk.database.transaction() as transaction:
        found = await db.accounts.find(transaction, server_id=server_id, ids=[account_id])
        if not found:
            raise NotFoundError("There is no such account here.", remedy="Choose one of the list.")
        [account] = found
        await db.names.call(
            transaction,
            server_id=server_id,
            account_id=account_id,
            nickname=account.nickname if nickname is None else _name(nickname),
            emoji=account.emoji if emoji is None else _emoji(emoji),
        )
        [renamed] = await db.accounts.find(transaction, server_id=server_id, ids=[account_id])
        posts = await db.names.carry_on(
            transaction, server_id=server_id, account_id=account_id, name=renamed.called
        )
        noted = db.events.Happened(
            server_id=server_id,
            kind=EventKind.ACCOUNT_RENAMED,
            actor_id=user_id,
            data={"account": str(account_id), "before": account.label, "after": renamed.label},
        )
        happened = [noted, *(replace(noted, post_id=post_id) for post_id in posts)]  # their cards
        await db.events.append(transaction, happened, now=desk.now())
    desk.nudge()
    return renamed


async def _read(desk: Desk, connection: Connection) -> Problem | None:
    label = desk.services.capabilities(connection.provider).label
    try:
        async with asyncio.timeout(PATIENCE):
            await health.read(desk, connection.server_id, connection.id)
    except CopydeskError as error:
        return Problem(field=label, message=error.message, remedy=error.remedy)
    except TimeoutError:
        return Problem(field=label, message="it does not answer now.", remedy="Try again later.")
    return None


def _kinds(desk: Desk, account: Account) -> list[Kind]:
    platforms = desk.services.capabilities(account.provider).platforms
    limits = platforms.get(account.platform)
    return [kind for kind in Kind if limits and kind in limits.of]


def _name(text: str) -> str:
    name = " ".join(text.split())
    if name.casefold() == NO_NAME:
        return ""
    if len(name) > LONGEST_NAME:
        message = f"it has {len(name)} characters; {LONGEST_NAME} are the most."
        raise InputError([Problem(field="Name", message=message, remedy="Shorten it.")])
    return name


def _emoji(text: str) -> str:
    emoji = text.strip()
    if emoji.casefold() == NO_NAME:
        return ""
    if not EMOJI.fullmatch(emoji):
        raise InputError(
            [
                Problem(
                    field="Emoji",
                    message=f"“{emoji[:40]}” is not one emoji that every list can show.",
                    remedy="Choose one of the standard ones, not a server's own.",
                )
            ]
        )
    return emoji
