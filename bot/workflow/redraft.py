"""Changing a draft: each change is made to what the person saw, or not at all.

Its author and its writers do the same with it, but for sharing and discarding it.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import db.accounts
import db.drafts
import db.posts
from bot.domain import clip_texts, editing
from bot.domain.approval import NOBODY, Roles
from bot.domain.media import MAX_FILES, Media
from bot.domain.post import Post, PostState, Revision, Target
from bot.errors import ConflictError, InputError, NotFoundError, Problem
from bot.workflow import compose, make_clips, revise
from bot.workflow.desk import Desk

LISTED = 25
"""Drafts of one person that are listed, shared ones among them."""


_NOT_FOR_IT = NotFoundError(
    "The post is not for that account any more.", remedy="Choose it again among its accounts."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Hand:
    """A person at one of the drafts they write, and how often it had been changed when they opened it."""

    server_id: int
    user_id: int
    post_id: int
    edits: int


def hand_of(draft: Post) -> Hand:
    """Its author, at a draft as it is now."""
    return Hand(
        server_id=draft.server_id, user_id=draft.author_id, post_id=draft.id, edits=draft.edits
    )


async def get(desk: Desk, *, server_id: int, post_id: int, user_id: int) -> Post:
    """A draft that a person writes; raises NotFoundError."""
    async with desk.database.reading() as reading:
        post = await db.posts.get(reading, server_id=server_id, post_id=post_id)
    if post is None or not post.may_be_written_by(user_id):
        raise NotFoundError(f"You have no draft {post_id}.", remedy="See /post drafts.")
    if post.state is not PostState.DRAFT:
        raise NotFoundError(
            f"You have no draft {post_id} any more: post {post_id} is {post.state.words}.",
            remedy=f"Change it with /post edit for post {post_id}.",
        )
    return post


async def begin(
    desk: Desk, *, server_id: int, post_id: int, user_id: int, roles: Roles = NOBODY
) -> Post:
    """The draft in which a person with these roles writes: one that they write already, or their
    change of a post. Raises NotFoundError, NotAllowedError and ConflictError.
    """
    async with desk.database.reading() as reading:
        post = await db.posts.get(reading, server_id=server_id, post_id=post_id)
    if post is None or post.state is PostState.DRAFT:
        return await get(desk, server_id=server_id, post_id=post_id, user_id=user_id)
    return await revise.begin(
        desk, server_id=server_id, post_id=post_id, user_id=user_id, roles=roles
    )


async def mine(desk: Desk, *, server_id: int, user_id: int) -> Sequence[Post]:
    """The newest drafts in a server that a person writes."""
    async with desk.database.reading() as reading:
        return await db.drafts.find(reading, server_id=server_id, user_id=user_id, limit=LISTED)


async def seen(desk: Desk, hand: Hand) -> Post:
    """The draft as the person saw it. Raises NotFoundError, and ConflictError when it was changed
    since.
    """
    draft = await get(desk, server_id=hand.server_id, post_id=hand.post_id, user_id=hand.user_id)
    if draft.edits != hand.edits:
        raise _changed(draft)
    return draft


async def change(desk: Desk, hand: Hand, to: Callable[[Revision], Revision]) -> Post:
    """Change the content of a draft; the draft after it. Raises as `seen` does, NotFoundError too
    where an account was taken from it, and then nothing has changed.
    """
    draft = await seen(desk, hand)
    try:
        content = to(draft.content)
    except KeyError:
        raise _NOT_FOR_IT from None
    if content == draft.content:
        return draft
    async with desk.database.transaction() as transaction:
        is_mine = await db.drafts.rewrite(transaction, draft, content, by=hand.user_id)
    if not is_mine:
        raise await overtaken(desk, hand)
    return replace(draft, content=content, edits=draft.edits + 1, edited_by=hand.user_id)


def target_for(draft: Post, account_id: int) -> Target:
    """A target of a draft; raises NotFoundError where the account was taken from it."""
    try:
        return editing.target_for(draft.content, account_id)
    except KeyError:
        raise _NOT_FOR_IT from None


async def choose_accounts(
    desk: Desk, hand: Hand, chosen: Collection[int], offered: Collection[int]
) -> Post:
    """Have a draft go to those of the offered accounts (ids) that were chosen. Raises as `change`."""
    draft = await seen(desk, hand)
    made_of = draft.content.clip
    async with desk.database.reading() as reading:
        accounts = await db.accounts.find(reading, server_id=hand.server_id, ids=chosen)
        clip = made_of and await make_clips.known(reading, hand.server_id, made_of)
    new = set(chosen) - {target.account_id for target in draft.content.targets}

    def to(content: Revision) -> Revision:
        content = editing.with_accounts(content, accounts, offered)
        return clip_texts.proposed(content, clip, new) if clip else content

    return await change(desk, hand, to)


async def add_media(desk: Desk, hand: Hand, media: Sequence[Media]) -> Post:
    """Add files behind those of a draft. Raises as `change`."""
    return await change(
        desk, hand, lambda content: editing.with_media(content, (*content.media, *media))
    )


async def take_away(desk: Desk, hand: Hand, places: Collection[int]) -> Post:
    """Take files away, named by their places counted from 0. Raises as `change`."""
    return await change(
        desk,
        hand,
        lambda content: editing.with_media(
            content, [item for at, item in enumerate(content.media) if at not in places]
        ),
    )


async def order_media(desk: Desk, hand: Hand, order: str) -> Post:
    """Put the files of a draft in another order, given by their numbers (`2 1 3`); those that are
    not named are taken away. Raises as `change`, and InputError.
    """
    draft = await seen(desk, hand)
    places = _places(order, len(draft.content.media))
    kept = [draft.content.media[place] for place in places]
    return await change(desk, hand, lambda content: editing.with_media(content, kept))


async def send(
    desk: Desk, hand: Hand, *, author_roles: Roles = NOBODY, problems: Sequence[Problem] = ()
) -> Post:
    """Put a draft, whose author has these roles now, before the team, or in the place of the post
    that it changes; that post. Raises as `seen`, `compose.ask_review` and `revise.finish` do; then
    the draft stays.
    """
    draft = await seen(desk, hand)
    put = compose.ask_review if draft.changes_post is None else revise.finish
    try:
        return await put(desk, draft, by=hand.user_id, author_roles=author_roles, problems=problems)
    except ConflictError:
        await seen(desk, hand)
        raise


def _places(order: str, count: int) -> list[int]:
    words = order.replace(",", " ").split()
    places = [
        int(word) - 1 for word in words if word.isascii() and word.isdigit() and len(word) < 4
    ]
    is_known = all(0 <= place < count for place in places)
    if len(places) == len(words) == len(set(places)) and is_known:
        return places
    raise InputError(
        [
            Problem(
                field="Order",
                message=f"“{order[:100]}” does not name files by their numbers, each once.",
                remedy=f"Write the numbers 1 to {count} in the order you want, such as "
                f"{' '.join(map(str, range(min(count, MAX_FILES), 0, -1)))}; leave out what is to go.",
            )
        ]
    )


async def overtaken(desk: Desk, hand: Hand) -> ConflictError:
    """Say who was faster. Raises NotFoundError where there is no draft any more."""
    draft = await get(desk, server_id=hand.server_id, post_id=hand.post_id, user_id=hand.user_id)
    return _changed(draft)


def _changed(draft: Post) -> ConflictError:
    return ConflictError(
        f"Draft {draft.id} was changed by <@{draft.edited_by or draft.author_id}> since you "
        "opened it, so this changed nothing.",
        remedy="Here is what it is now.",
    )
