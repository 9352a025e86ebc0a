"""Beginning a post with what another holds: an earlier post, or a template."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import db.accounts
import db.files
import db.posts
import db.servers
from bot.domain import editing
from bot.domain.media import Media
from bot.domain.post import Post, Revision, Source, Target
from bot.domain.server import Account
from bot.errors import NotFoundError, Problem
from bot.workflow import templates
from bot.workflow.desk import Desk


@dataclass(frozen=True, kw_only=True, slots=True)
class Author:
    """Who begins a post, and where."""

    server_id: int
    channel_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Instead:
    """What is given in the place of what a template holds; None or empty leaves that."""

    caption: str | None = None
    account_ids: tuple[int, ...] = ()
    when_text: str | None = None


async def duplicate(desk: Desk, by: Author, post_id: int) -> tuple[Post, list[Problem]]:
    """A new draft with what an earlier post of the server holds, but without a time; and what of
    it is gone. Raises NotFoundError.
    """
    async with desk.database.reading() as reading:
        post = await db.posts.get(reading, server_id=by.server_id, post_id=post_id)
    if post is None or post.is_hidden_from(by.user_id):
        raise NotFoundError(f"There is no post {post_id} here.", remedy="See /post list.")
    content = replace(editing.as_draft(post.content), when_text="")
    return await _begin(desk, by, content, source=_card(post))


async def from_template(
    desk: Desk, by: Author, name: str, given: Instead
) -> tuple[Post, list[Problem]]:
    """A new draft with what a template holds, but for what is given; and what of it is gone.

    Raises NotFoundError.
    """
    template = await templates.get(desk, server_id=by.server_id, name=name)
    content = template.content
    async with desk.database.reading() as reading:
        server = await db.servers.get(reading, by.server_id)
        accounts = await db.accounts.find(reading, server_id=by.server_id, ids=given.account_ids)
    if given.account_ids:
        had = {target.account_id for target in content.targets}
        content = editing.with_accounts(content, accounts, had | set(given.account_ids))
    content = replace(
        content,
        caption=content.caption if given.caption is None else editing.clean(given.caption),
        when_text=content.when_text if given.when_text is None else editing.clean(given.when_text),
        zone=server.zone,
    )
    return await _begin(desk, by, content)


async def _begin(
    desk: Desk, by: Author, content: Revision, source: Source | None = None
) -> tuple[Post, list[Problem]]:
    ids = [target.account_id for target in content.targets]
    async with desk.database.transaction() as transaction:
        # Noted first: from here on nobody removes a file that is there.
        needed = {(by.server_id, media.sha256) for media in content.files}
        await db.files.need(transaction, needed, now=desk.now())
        accounts = await db.accounts.find(transaction, server_id=by.server_id, ids=ids)
    gone = [media for media in content.files if not await desk.storage.has(by.server_id, media)]
    kept = tuple(media for media in content.media if media not in gone)
    content = replace(
        editing.with_media(content, kept), targets=_targets(content.targets, accounts)
    )
    if content.cover and content.cover.picture in gone:
        content = replace(content, cover=None)
    lost = [_not_kept(media) for media in gone] + _left_out(ids, accounts)
    async with desk.database.transaction() as transaction:
        draft = await db.posts.insert(
            transaction,
            server_id=by.server_id,
            channel_id=by.channel_id,
            author_id=by.user_id,
            content=content,
            now=desk.now(),
            source=source,
        )
    return draft, lost


def _not_kept(media: Media) -> Problem:
    message = f"{media.filename} is not kept any more."
    return Problem(field="Media", message=message, remedy="Add it again.")


def _targets(targets: Sequence[Target], accounts: Sequence[Account]) -> tuple[Target, ...]:
    """The targets whose accounts are still there, as these are now."""
    known = {account.id: account for account in accounts}
    return tuple(
        replace(target, name=known[target.account_id].name)
        for target in targets
        if target.account_id in known
    )


def _left_out(ids: Sequence[int], accounts: Sequence[Account]) -> list[Problem]:
    count = len(ids) - len(accounts)
    if not count:
        return []
    message = f"{count} of its accounts {'is' if count == 1 else 'are'} not connected any more."
    return [Problem(field="Accounts", message=message, remedy="Choose others.")]


def _card(post: Post) -> Source | None:
    if post.card_message_id is None:
        return None
    place = f"{post.server_id}/{post.card_channel_id}/{post.card_message_id}"
    return Source(link=f"https://discord.com/channels/{place}")
