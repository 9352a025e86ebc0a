"""How a post will look at one of its accounts: drawn from its text there and its files."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from bot import glimpse, preview_card
from bot.domain import look, options
from bot.domain import screen as screens
from bot.domain.media import MAX_FILES
from bot.domain.platform import Kind
from bot.domain.post import Post, Revision, Target
from bot.domain.screen import Screen
from bot.errors import CopydeskError, NotFoundError
from bot.preview_card import Sketch
from bot.workflow import browse, make_clips, preview
from bot.workflow.desk import Desk

log = logging.getLogger(__name__)

_PATIENCE = 5.0
"""Seconds that a clip's picture is waited for."""

_LARGEST = 5_000_000
"""Bytes of a clip's picture."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Appearance:
    """A picture of a post (JPEG) as an account shows it, and what is not seen at once."""

    target: Target
    picture: bytes
    notes: list[str]


async def find(desk: Desk, *, server_id: int, post_id: int, user_id: int) -> Post:
    """A post whose look someone asks for: a draft is for those alone who write it. Raises NotFoundError."""
    post = (await browse.show(desk, server_id=server_id, post_id=post_id)).post
    if post.is_hidden_from(user_id):
        raise NotFoundError(f"There is no post {post_id} here.", remedy="See /post list.")
    if not post.content.targets:
        raise NotFoundError("It is for no account yet.", remedy="Choose one first.")
    return post


async def of(desk: Desk, post: Post, account_id: int | None) -> Appearance:
    """How a post looks at an account, at its first where that is not one of its."""
    content = post.content
    targets = {target.account_id: target for target in content.targets}
    target = targets.get(account_id or 0, content.targets[0])
    caption, title = content.text_of(target)
    is_covered, told = _cover(desk, content, target)
    pictures = await _pictures(desk, post.server_id, content, is_covered=is_covered)
    screen = _screen(desk, target, content)
    sketch = Sketch(
        platform=target.platform,
        account=target.name,
        kind=content.kind,
        caption=caption,
        title=title,
        pictures=pictures,
        screen=screen,
    )
    return Appearance(
        target=target,
        picture=await asyncio.to_thread(preview_card.draw, sketch),
        notes=[*told, *_notes(sketch, [each.aspect for each in content.media if each.aspect])],
    )


def _screen(desk: Desk, target: Target, content: Revision) -> Screen | None:
    """The screen that the post fills there, where it does."""
    declared = desk.services.capabilities(target.provider).options.get(target.platform, ())
    first = content.media[0] if content.media else None
    return screens.of(
        target.platform,
        content.kind,
        is_story=options.is_story(declared, target.options, content.kind),
        aspect=first and first.aspect,
        seconds=first and first.seconds,
    )


def _notes(sketch: Sketch, aspects: Sequence[float]) -> list[str]:
    if sketch.screen:
        return screens.notes(sketch.screen, sketch.platform, sketch.caption, sketch.title, aspects)
    return look.notes(sketch.platform, sketch.kind, sketch.caption, sketch.title, aspects)


def _cover(desk: Desk, content: Revision, target: Target) -> tuple[bool, list[str]]:
    """Whether an account shows the cover of a post, and what is to be said of it."""
    if content.cover is None:
        return False, []
    limit = desk.services.capabilities(target.provider).cover_limit(target.platform)
    if limit.form(content.cover.at_ms, content.kind, target.options) is None:
        return False, ["The cover does not count here: the platform chooses one."]
    return True, [f"Its cover is {content.cover.words}."]


async def _pictures(
    desk: Desk, server_id: int, content: Revision, *, is_covered: bool
) -> list[bytes]:
    if is_covered:
        found = [await preview.of_file(desk, server_id, media) for media in content.shown]
    elif content.kind is Kind.CLIP:
        found = [await _clip_picture(desk, server_id, content)]
    else:
        shown = content.media[:MAX_FILES]
        found = [await preview.of_file(desk, server_id, media) for media in shown]
    return [picture for picture in found if picture]


async def _clip_picture(desk: Desk, server_id: int, content: Revision) -> bytes | None:
    """The picture that a clip's service shows of it, where it can be had."""
    async with desk.database.reading() as reading:
        clip = content.clip and await make_clips.known(reading, server_id, content.clip)
    if not clip or not clip.thumbnail_url:
        return None
    data = b""
    try:
        async with asyncio.timeout(_PATIENCE):
            async for piece in desk.fetcher.stream(clip.thumbnail_url):
                data += piece
                if len(data) > _LARGEST:
                    return None
        return await asyncio.to_thread(glimpse.of_data, data)
    except (CopydeskError, TimeoutError) as error:
        log.info("No picture of %s: %s", content.clip and content.clip.label, error)
        return None
