"""Writing a post: what was typed is kept first, checked second, and then put before the team."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

import db.accounts
import db.events
import db.posts
import db.servers
from bot.domain.approval import NOBODY, Roles
from bot.domain.clip import PostClip
from bot.domain.event import EventKind
from bot.domain.limits import AccountLimits
from bot.domain.media import Media
from bot.domain.post import Post, PostState, Revision, Target, target_of
from bot.domain.server import Server
from bot.domain.times import Timing
from bot.domain.when import When
from bot.errors import ConflictError, InputError, NotFoundError, Problem
from bot.workflow import allowances, backups, check, decide, queue, timing
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
        content = await draft_content(transaction, server_id, typed)
        return await db.posts.insert(
            transaction,
            server_id=server_id,
            channel_id=channel_id,
            author_id=author_id,
            content=content,
            now=desk.now(),
        )


async def rewrite(desk: Desk, post: Post, typed: Typed) -> Post:
    """Replace a draft's content; files are replaced only by new ones, a clip never.

    Raises ConflictError.
    """
    async with desk.database.transaction() as transaction:
        if not typed.media:
            typed = replace(typed, media=post.content.media)
        kept = post.content
        typed = replace(typed, clip=kept.clip or typed.clip, timing=typed.timing or kept.timing)
        content = await draft_content(transaction, post.server_id, typed)
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


async def ask_review(
    desk: Desk,
    post: Post,
    *,
    author_roles: Roles = NOBODY,
    problems: Sequence[Problem] = (),
) -> Post:
    """Freeze a draft and put it before the approvers, or approve it at once where the server's
    rules need no approval of its author, who has these roles now: every way in comes through here.

    `problems` are what the caller found already; together with ours they are raised as one
    InputError, and the draft stays as it is.
    """
    content = await checked(desk, post, problems)
    return await _put_before_team(desk, post, content, author_roles)


async def checked(desk: Desk, post: Post, problems: Sequence[Problem] = ()) -> Revision:
    """The content of a post as it would go out: times and accounts read, everything checked.

    Raises InputError with all that is wrong, `problems` among it.
    """
    async with desk.database.reading() as reading:
        server = await db.servers.get(reading, post.server_id)
        ids = [target.account_id for target in post.content.targets]
        accounts = await db.accounts.find(reading, server_id=post.server_id, ids=ids)
        spare = await backups.find(reading, server, post.content, accounts)
    when, late = await _when(desk, post, server)
    allowed = await allowances.of(desk, [*accounts, *spare.values()])
    given = backups.given(post.content.targets, spare)
    content = replace(
        post.content,
        targets=tuple(_visible(desk, target, allowed) for target in given),
        due_at=when.due_at,
        repeats=when.repeats,
        zone=server.zone,
    )
    found = [*problems, *late, *check.problems(desk, content, accounts, allowed, spare)]
    found += timing.problems(desk, content, desk.now())
    if found:
        raise InputError(found)
    return content


async def _put_before_team(desk: Desk, post: Post, content: Revision, author_roles: Roles) -> Post:
    now = desk.now()
    asked_for = replace(post, state=PostState.IN_REVIEW, content=content)
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
        put = await decide.open_for(transaction, desk, asked_for, author_roles)
    desk.nudge()
    return put


async def draft_content(transaction: AsyncConnection, server_id: int, typed: Typed) -> Revision:
    """What was typed, as the content of a new draft."""
    server = await db.servers.get(transaction, server_id)
    accounts = await db.accounts.find(transaction, server_id=server_id, ids=typed.account_ids)
    return Revision(
        number=1,
        caption=_clean(typed.caption),
        title=_clean(typed.title),
        media=typed.media,
        targets=tuple(target_of(account) for account in accounts),
        due_at=None,
        when_text=_clean(typed.when_text),
        zone=server.zone,
        clip=typed.clip,
        timing=typed.timing or server.timing,
    )


def _clean(text: str) -> str:
    """Text without the space around it, and without NUL, which PostgreSQL does not keep."""
    return text.replace("\x00", "").strip()


def _visible(desk: Desk, target: Target, allowed: Mapping[int, AccountLimits | None]) -> Target:
    """A target with a visibility chosen by name: the most public one its account allows.

    WAHDX hides what comes without one (seed 002: privacy_level defaults to SELF_ONLY).
    """
    visibility = _visibility(desk, target, allowed.get(target.account_id))
    chosen = {"visibility": visibility} if visibility else {}
    return replace(
        target,
        options={**chosen, **target.options},
        backup=target.backup and _visible(desk, target.backup, allowed),
    )


def _visibility(desk: Desk, target: Target, limits: AccountLimits | None) -> str | None:
    capabilities = desk.services.capabilities(target.provider)
    default = capabilities.default_visibility.get(target.platform)
    return limits.visibilities[0] if default and limits and limits.visibilities else default


async def _when(desk: Desk, post: Post, server: Server) -> tuple[When, list[Problem]]:
    try:
        return await queue.read(desk, server, post.content.when_text), []
    except InputError as error:
        return When(None), list(error.problems)
