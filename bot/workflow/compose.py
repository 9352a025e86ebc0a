"""Writing a post: what was typed is kept first, checked second, and then put before the team."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

import db.accounts
import db.drafts
import db.events
import db.post_moves
import db.posts
import db.servers
from bot.domain import clip_texts, editing
from bot.domain.approval import NOBODY, Roles
from bot.domain.clip import PostClip
from bot.domain.event import EventKind
from bot.domain.media import Media
from bot.domain.post import Post, PostState, Revision, Source, target_of
from bot.domain.times import Timing
from bot.errors import ConflictError, Problem
from bot.workflow import decide, examine, make_clips
from bot.workflow.desk import Desk


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """What a person put into the form, as it was put."""

    caption: str
    title: str
    account_ids: tuple[int, ...]
    when_text: str
    media: tuple[Media, ...]
    clip: PostClip | None = None
    timing: Timing | None = None  # None: as the server has it


async def write(
    desk: Desk,
    *,
    server_id: int,
    channel_id: int,
    author_id: int,
    typed: Typed,
    source: Source | None = None,
) -> Post:
    """Keep a new draft, right or wrong: nothing a person typed is ever lost. `source` is what it
    was begun from.
    """
    async with desk.database.transaction() as transaction:
        content = await _content(transaction, server_id, typed)
        return await db.posts.insert(
            transaction,
            server_id=server_id,
            channel_id=channel_id,
            author_id=author_id,
            content=content,
            now=desk.now(),
            source=source,
        )


async def ask_review(
    desk: Desk,
    post: Post,
    *,
    by: int | None = None,
    author_roles: Roles = NOBODY,
    problems: Sequence[Problem] = (),
) -> Post:
    """Freeze a draft and put it before the approvers, or approve it at once where the server's
    rules need no approval of its author, who has these roles now: every way in comes through here.
    It is sent `by` one of its writers, or by its author.

    `problems` are what the caller found already; together with ours they are raised as one
    InputError, and the draft stays as it is.
    """
    content = await examine.checked(desk, post, problems)
    return await _put_before_team(desk, post, content, by or post.author_id, author_roles)


async def _put_before_team(
    desk: Desk, post: Post, content: Revision, by: int, author_roles: Roles
) -> Post:
    now = desk.now()
    async with desk.database.transaction() as transaction:
        # Who writes it is read now: it may have been shared since it was opened.
        written = await db.drafts.lock(transaction, post)
        frozen = await db.drafts.rewrite(transaction, post, content, by=by)
        if (
            written is None
            or not frozen
            or not await db.post_moves.move(transaction, post, PostState.IN_REVIEW)
        ):
            raise ConflictError(
                f"Post {post.id} changed meanwhile.", remedy="See it with /post show."
            )
        asked = db.events.Happened(
            server_id=post.server_id,
            kind=EventKind.REVIEW_ASKED,
            post_id=post.id,
            actor_id=by,
        )
        await db.events.append(transaction, [asked], now=now)
        asked_for = replace(
            written,
            state=PostState.IN_REVIEW,
            content=content,
            edits=post.edits + 1,
            edited_by=by,
        )
        put = await decide.open_for(transaction, desk, asked_for, author_roles)
    desk.nudge()
    return put


async def _content(transaction: AsyncConnection, server_id: int, typed: Typed) -> Revision:
    server = await db.servers.get(transaction, server_id)
    accounts = await db.accounts.find(transaction, server_id=server_id, ids=typed.account_ids)
    content = Revision(
        number=1,
        caption=editing.clean(typed.caption),
        title=editing.clean(typed.title),
        media=typed.media,
        targets=tuple(target_of(account) for account in accounts),
        due_at=None,
        when_text=editing.clean(typed.when_text),
        zone=server.zone,
        clip=typed.clip,
        timing=typed.timing or server.timing,
    )
    clip = typed.clip and await make_clips.known(transaction, server_id, typed.clip)
    return clip_texts.proposed(content, clip, typed.account_ids) if clip else content
