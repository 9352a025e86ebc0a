"""Writing a post: what was typed is kept first, checked second, and then put before the team."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

import db.accounts
import db.events
import db.posts
import db.servers
from bot.domain.event import EventKind
from bot.domain.media import Media
from bot.domain.post import Post, PostState, Revision, Target
from bot.domain.server import Account
from bot.domain.times import parse_when
from bot.errors import ConflictError, InputError, NotFoundError, Problem, ProviderError
from bot.workflow import check
from bot.workflow.desk import Desk


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """What a person put into the form, as it was put."""

    caption: str
    title: str
    account_ids: tuple[int, ...]
    when_text: str
    media: tuple[Media, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A file as it came: its bytes are taken at once, since Discord's links expire."""

    filename: str
    data: bytes


async def take_files(
    desk: Desk, server_id: int, uploads: Sequence[Upload]
) -> tuple[tuple[Media, ...], list[Problem]]:
    """Store the files that some service takes, and say what is wrong with the others."""
    kept: list[Media] = []
    refused: list[Problem] = []
    for upload in uploads:
        try:
            kept.append(await desk.storage.keep(server_id, upload.filename, upload.data))
        except InputError as error:
            refused += error.problems
    return tuple(kept), refused


async def write(
    desk: Desk, *, server_id: int, channel_id: int, author_id: int, typed: Typed
) -> Post:
    """Keep a new draft, right or wrong: nothing a person typed is ever lost."""
    async with desk.database.transaction() as transaction:
        content = await _draft_content(transaction, server_id, typed)
        return await db.posts.insert(
            transaction,
            server_id=server_id,
            channel_id=channel_id,
            author_id=author_id,
            content=content,
            now=desk.now(),
        )


async def rewrite(desk: Desk, post: Post, typed: Typed) -> Post:
    """Replace a draft's content; files are replaced only by new ones. Raises ConflictError."""
    async with desk.database.transaction() as transaction:
        if not typed.media:
            typed = replace(typed, media=post.content.media)
        content = await _draft_content(transaction, post.server_id, typed)
        if not await db.posts.rewrite(transaction, post, content):
            raise ConflictError(
                f"Post {post.id} is no draft any more.", remedy="See it with /post show."
            )
    return replace(post, content=content)


async def get_draft(desk: Desk, *, server_id: int, post_id: int, author_id: int) -> Post:
    """A person's own draft; raises NotFoundError."""
    async with desk.database.reading() as reading:
        post = await db.posts.get(reading, server_id=server_id, post_id=post_id)
    if post is None or post.author_id != author_id or post.state is not PostState.DRAFT:
        raise NotFoundError(f"You have no draft {post_id}.", remedy="See /post list.")
    return post


async def ask_review(desk: Desk, post: Post, *, problems: Sequence[Problem] = ()) -> Post:
    """Freeze a draft and put it before the approvers.

    `problems` are what the caller found already; together with ours they are raised as one
    InputError, and the draft stays as it is.
    """
    async with desk.database.reading() as reading:
        server = await db.servers.get(reading, post.server_id)
        ids = [target.account_id for target in post.content.targets]
        accounts = await db.accounts.find(reading, server_id=post.server_id, ids=ids)
    due_at, late = _due_at(post, server.zone, desk.now())
    found = [*problems, *late, *check.problems(desk, post.content, accounts)]
    if found:
        raise InputError(found)
    targets = tuple(
        [await _with_options(desk, target, post.server_id) for target in post.content.targets]
    )
    content = replace(post.content, due_at=due_at, zone=server.zone, targets=targets)
    return await _put_before_team(desk, post, content)


async def _put_before_team(desk: Desk, post: Post, content: Revision) -> Post:
    now = desk.now()
    async with desk.database.transaction() as transaction:
        frozen = await db.posts.rewrite(transaction, post, content)
        if not frozen or not await db.posts.move(transaction, post, PostState.IN_REVIEW):
            raise ConflictError(
                f"Post {post.id} changed meanwhile.", remedy="See it with /post show."
            )
        asked = db.events.Happened(
            server_id=post.server_id,
            kind=EventKind.REVIEW_ASKED,
            post_id=post.id,
            actor_id=post.author_id,
        )
        await db.events.append(transaction, [asked], now=now)
    desk.nudge()
    return replace(post, state=PostState.IN_REVIEW, content=content)


async def _draft_content(transaction: AsyncConnection, server_id: int, typed: Typed) -> Revision:
    server = await db.servers.get(transaction, server_id)
    accounts = await db.accounts.find(transaction, server_id=server_id, ids=typed.account_ids)
    return Revision(
        number=1,
        caption=_clean(typed.caption),
        title=_clean(typed.title),
        media=typed.media,
        targets=tuple(_target(account) for account in accounts),
        due_at=None,
        when_text=_clean(typed.when_text),
        zone=server.zone,
    )


def _clean(text: str) -> str:
    """Text without the space around it, and without NUL, which PostgreSQL does not keep."""
    return text.replace("\x00", "").strip()


def _target(account: Account) -> Target:
    return Target(
        account_id=account.id,
        connection_id=account.connection_id,
        remote_id=account.remote_id,
        platform=account.platform,
        name=account.name,
        provider=account.provider,
    )


async def _with_options(desk: Desk, target: Target, server_id: int) -> Target:
    """The target with the most public visibility its account allows, chosen by name.

    WAHDX hides what comes without one (seed 002: privacy_level defaults to SELF_ONLY).
    """
    default = desk.services.capabilities(target.provider).default_visibility.get(target.platform)
    if default is None:
        return target
    provider = await desk.services.of(server_id, target.connection_id)
    try:
        allowed = await provider.account_limits(target.remote_id)
    except ProviderError:
        allowed = None  # the service refuses at the slot what the account does not allow
    visibility = allowed.visibilities[0] if allowed and allowed.visibilities else default
    return replace(target, options={**target.options, "visibility": visibility})


def _due_at(post: Post, zone: str, now: datetime) -> tuple[datetime | None, list[Problem]]:
    try:
        return parse_when(post.content.when_text, zone, now), []
    except InputError as error:
        return None, list(error.problems)
