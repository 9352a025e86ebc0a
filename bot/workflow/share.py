"""Writing a draft together: its author says who else writes it, and they are told once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import db.drafts
import db.events
import db.posts
import db.writers
from bot.domain.approval import Roles
from bot.domain.event import EventKind
from bot.domain.post import Post, PostState
from bot.domain.server import Server
from bot.errors import ConflictError, InputError, NotAllowedError, NotFoundError, Problem
from bot.workflow import redraft, voters
from bot.workflow.desk import Desk

MOST = 10
"""People with whom one draft is shared."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Guest:
    """Somebody who is chosen, with what Discord says of them."""

    user_id: int
    is_bot: bool = False
    is_member: bool = True


async def own(desk: Desk, *, server_id: int, post_id: int, user_id: int) -> Post:
    """A person's own draft, which they may share. Raises NotFoundError, and NotAllowedError for
    whoever it is only shared with.
    """
    draft = await redraft.get(desk, server_id=server_id, post_id=post_id, user_id=user_id)
    if draft.author_id != user_id:
        raise NotAllowedError(
            f"Draft {post_id} is shared with you; only its author shares it with others.",
            remedy=f"Ask <@{draft.author_id}>.",
        )
    return draft


async def share(
    desk: Desk, *, server_id: int, post_id: int, user_id: int, guests: Collection[Guest]
) -> Post:
    """Have these people write a draft beside its author, and nobody else; whoever is new is told.
    The draft after it. Raises as `own` does, and InputError for people with whom it cannot be
    shared; then nothing has changed.
    """
    draft = await own(desk, server_id=server_id, post_id=post_id, user_id=user_id)
    if found := _problems(draft, guests):
        raise InputError(found)
    chosen = {guest.user_id for guest in guests}
    async with desk.database.transaction() as transaction:
        now = await db.drafts.lock(transaction, draft)
        if now is None:
            raise ConflictError(
                f"Draft {post_id} was sent or discarded meanwhile.", remedy="See /post list."
            )
        new, gone = chosen - now.writers, now.writers - chosen
        await db.writers.put(transaction, draft, new)
        await db.writers.take_away(transaction, draft, gone)
        shared = db.events.Happened(
            server_id=server_id,
            kind=EventKind.SHARED,
            post_id=post_id,
            actor_id=user_id,
            data={"people": " ".join(map(str, sorted(new)))},
        )
        await db.events.append(transaction, [shared] if new else [], now=desk.now())
    desk.nudge()
    return await own(desk, server_id=server_id, post_id=post_id, user_id=user_id)


async def opened(desk: Desk, *, server_id: int, post_id: int, user_id: int) -> Post:
    """The draft that was shared, for one of those who write it. Raises NotFoundError where it is
    gone, ConflictError where it was sent, and NotAllowedError for everyone else.
    """
    async with desk.database.reading() as reading:
        post = await db.posts.get(reading, server_id=server_id, post_id=post_id)
    if post is None:
        raise NotFoundError(
            f"There is no draft {post_id} any more: it was discarded, or put in the place of the "
            "post that it changed.",
            remedy="See /post list.",
        )
    if post.state is not PostState.DRAFT:
        raise ConflictError(
            f"Draft {post_id} was sent: post {post_id} is {post.state.words}.",
            remedy=f"See it with /post show, or change it with /post edit for post {post_id}.",
        )
    if not post.may_be_written_by(user_id):
        raise NotAllowedError(
            f"Draft {post_id} is not shared with you.",
            remedy=f"Ask its author, <@{post.author_id}>, to choose you under “Write together”.",
        )
    return post


async def is_barred(desk: Desk, server: Server, draft: Post, *, user_id: int, roles: Roles) -> bool:
    """Whether a person who may decide on posts could not approve what becomes of a draft, since
    they write on what others began: what is asked for four eyes.
    """
    post = draft
    if draft.changes_post is not None:
        async with desk.database.reading() as reading:
            changed = await db.posts.get(
                reading, server_id=draft.server_id, post_id=draft.changes_post
            )
        post = changed or draft
    rules = voters.rules_for(desk, server, post)
    is_asked = rules.may_vote(user_id, roles)
    return rules.four_eyes and not rules.free and is_asked and user_id != post.author_id


def _problems(draft: Post, guests: Collection[Guest]) -> Sequence[Problem]:
    found: list[Problem] = []
    for guest in sorted(guests, key=lambda guest: guest.user_id):
        who = f"<@{guest.user_id}>"
        if guest.user_id == draft.author_id:
            found.append(_problem(f"{who} is its author, and writes it already."))
        elif guest.is_bot:
            found.append(_problem(f"{who} is a bot; only people write posts."))
        elif not guest.is_member:
            found.append(_problem(f"{who} is not in this server."))
    if len(guests) > MOST:
        found.append(_problem(f"a draft is shared with {MOST} people at most."))
    return found


def _problem(message: str) -> Problem:
    return Problem(field="Write together", message=message, remedy="Choose other people.")
