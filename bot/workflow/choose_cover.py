"""Choosing the cover of a draft's video: one of several frames, a moment, or a picture.

A frame is taken out of the video when it is chosen, so that the approval binds to its bytes.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from bot.domain import editing
from bot.domain.cover import Cover, clock, read_clock
from bot.domain.media import Media
from bot.domain.platform import Kind
from bot.domain.post import Post, Revision
from bot.errors import InputError, Problem
from bot.storage import name_of
from bot.workflow import intake, redraft
from bot.workflow.desk import Desk
from bot.workflow.redraft import Hand

ACROSS, UPRIGHT = 9, 10
"""Frames on the sheet of a video that is wide, or upright: full rows."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Frames of a video to choose from: their moments in milliseconds, and a JPEG of them all."""

    moments: tuple[int, ...]
    picture: bytes


async def sheet(desk: Desk, draft: Post) -> Sheet | None:
    """Frames of a draft's video; None where there is no video here, or none can be read of it."""
    content = draft.content
    if content.kind is not Kind.VIDEO:
        return None
    video = content.media[0]
    count = UPRIGHT if (video.aspect or 1) < 1 else ACROSS

    def draw() -> Sheet:
        from bot import frames  # as in `bot.arrival`: it fills memory

        file = desk.storage.seekable(name_of(draft.server_id, video))
        found = frames.several(file, video, count)
        return Sheet(tuple(each.at_ms for each in found), frames.sheet(found))

    try:
        return await asyncio.to_thread(draw)
    except OSError:
        return None


async def moment(desk: Desk, hand: Hand, text: str) -> Post:
    """Have the cover be the frame at a moment that was typed. Raises as `frame` does."""
    video = _video((await redraft.seen(desk, hand)).content)
    return await frame(desk, hand, read_clock(text, video.seconds))


async def frame(desk: Desk, hand: Hand, at_ms: int) -> Post:
    """Have the cover be the frame at a moment, in milliseconds. Raises as `redraft.change` does,
    and InputError where there is no such frame.
    """
    video = _video((await redraft.seen(desk, hand)).content)

    def read() -> bytes:
        from bot import frames

        return frames.one(desk.storage.seekable(name_of(hand.server_id, video)), video, at_ms)

    try:
        data = await asyncio.to_thread(read)
    except OSError as error:
        raise _refused(
            f"the frame at {clock(at_ms)} of {video.filename} could not be read ({error}).",
            "Choose another moment, or give a picture.",
        ) from error
    name = f"{PurePath(video.filename).stem} at {clock(at_ms).replace(':', '.')}.jpg"
    picture = await intake.keep(desk, hand.server_id, name, _whole(data))
    return await _change(desk, hand, Cover(picture=picture, at_ms=at_ms))


async def picture(desk: Desk, hand: Hand, media: Media) -> Post:
    """Have the cover be a picture that is kept. Raises as `redraft.change` does, and InputError
    where it is none.
    """
    if media.is_video:
        raise _refused(f"{media.filename} is a video.", "Give a picture.")
    return await _change(desk, hand, Cover(picture=media))


async def none(desk: Desk, hand: Hand) -> Post:
    """Leave the cover to the platforms. Raises as `redraft.change` does."""
    return await _change(desk, hand, None)


async def _change(desk: Desk, hand: Hand, cover: Cover | None) -> Post:
    def to(content: Revision) -> Revision:
        if cover and content.kind not in (Kind.VIDEO, Kind.CLIP):
            raise _no_video()
        return editing.with_cover(content, cover, _retired(desk, content))

    return await redraft.change(desk, hand, to)


def _retired(desk: Desk, content: Revision) -> Mapping[int, Collection[str]]:
    """The options by which each account could be given a cover of its own before."""
    found: dict[int, Collection[str]] = {}
    for target in content.targets:
        declared = desk.services.capabilities(target.provider).options.get(target.platform, ())
        found[target.account_id] = {option.name for option in declared if option.retired}
    return found


def _video(content: Revision) -> Media:
    if content.kind is not Kind.VIDEO:
        raise _no_video()
    return content.media[0]


def _no_video() -> InputError:
    return _refused("the post has no video here.", "Add a video first.")


def _refused(message: str, remedy: str) -> InputError:
    return InputError([Problem(field="Cover", message=message, remedy=remedy)])


async def _whole(data: bytes) -> AsyncIterator[bytes]:
    yield data
