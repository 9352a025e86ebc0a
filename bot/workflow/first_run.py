"""The first run of a server: how far it is, and a rehearsal that keeps and sends nothing."""

from dataclasses import replace

import db.accounts
import db.connections
import db.servers
from bot.domain.first_run import Progress
from bot.domain.platform import Kind
from bot.domain.post import Post, PostState, Revision, target_of
from bot.domain.server import Account
from bot.errors import NotFoundError
from bot.workflow import examine
from bot.workflow.desk import Desk

NOWHERE = 0
"""Stands for the number of a post that is kept nowhere."""


async def progress(desk: Desk, server_id: int) -> Progress:
    """How far a server is set up, by what is set."""
    async with desk.database.reading() as reading:
        server = await db.servers.get(reading, server_id)
        found = await db.connections.find(reading, server_id=server_id)
        accounts = await db.accounts.find(reading, server_id=server_id)
    connections = [item for item in found if not item.closed_at]
    ids = {item.id for item in connections}
    return Progress(
        server=server,
        connections=connections,
        accounts=[account for account in accounts if account.connection_id in ids],
    )


async def rehearse(
    desk: Desk, *, server_id: int, channel_id: int, author_id: int, caption: str
) -> Post:
    """A post as it would be put before the approvers, checked like any other: for an account that
    takes a text, to go out as soon as it is approved. It is kept nowhere, and services are only read.

    Raises InputError with all that is wrong, and NotFoundError where no account can be used.
    """
    state = await progress(desk, server_id)
    usable = sorted(state.usable, key=lambda account: not _takes_text(desk, account))
    if not usable:
        raise NotFoundError("No account can be used yet.", remedy="Connect one in the step before.")
    content = Revision(
        number=1,
        caption=caption.strip(),
        title="",
        media=(),
        targets=(target_of(usable[0]),),
        due_at=None,
        when_text="now",
        zone=state.server.zone,
        timing=state.server.timing,
    )
    post = Post(
        id=NOWHERE,
        server_id=server_id,
        channel_id=channel_id,
        author_id=author_id,
        state=PostState.IN_REVIEW,
        content=content,
        created_at=desk.now(),
    )
    return replace(post, content=await examine.checked(desk, post))


def _takes_text(desk: Desk, account: Account) -> bool:
    limits = desk.services.capabilities(account.provider).platforms.get(account.platform)
    return bool(limits and Kind.TEXT in limits.of)
