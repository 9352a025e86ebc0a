"""Deleting a draft: its author alone does, and whoever writes it with them is told so."""

import db.drafts
from bot.domain.post import Post
from bot.errors import NotAllowedError
from bot.workflow import redraft
from bot.workflow.desk import Desk
from bot.workflow.redraft import Hand


async def check(desk: Desk, hand: Hand) -> Post:
    """The draft, if this person may delete it as they saw it. Raises as `redraft.seen` does, and
    NotAllowedError for whoever it is only shared with.
    """
    draft = await redraft.seen(desk, hand)
    if hand.user_id != draft.author_id:
        raise NotAllowedError(
            f"Draft {draft.id} is shared with you; only its author discards it.",
            remedy=f"Ask <@{draft.author_id}>.",
        )
    return draft


async def discard(desk: Desk, hand: Hand) -> None:
    """Delete a draft, of which nobody was told what it says. Raises as `check` does."""
    draft = await check(desk, hand)
    async with desk.database.transaction() as transaction:
        is_gone = await db.drafts.discard(transaction, draft)
    if not is_gone:
        raise await redraft.overtaken(desk, hand)
