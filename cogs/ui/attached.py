"""The files of a post on its card: what is attached to it, and where that can be fetched again."""

import io
import logging
from collections.abc import Sequence
from pathlib import PurePath

import discord

from bot.client import Copydesk
from bot.domain.media import MAX_FILES, Media
from bot.domain.post import Post
from bot.errors import TryLaterError
from bot.glimpse import MOST_BYTES
from bot.workflow import preview
from bot.workflow.desk import Desk
from cogs.ui import answers

log = logging.getLogger(__name__)

PREVIEW = "preview.jpg"
"""The name of the picture of what a post shows."""


async def files(bot: Copydesk, post: Post) -> list[discord.File]:
    """The files of a post that fit into one message, which the card names all; and where some do
    not fit, a picture of what they show.
    """
    guild = bot.get_guild(post.server_id)
    room = guild.filesize_limit if guild else discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES
    media, found = post.content.files, list[discord.File]()
    if sum(item.size for item in media) > room:
        room -= MOST_BYTES
        if shown := await preview.picture(bot.desk, post.server_id, post.content.shown):
            found.append(discord.File(io.BytesIO(shown), filename=PREVIEW))
    for item in media:
        room -= item.size
        if room < 0:
            break
        try:
            data = await bot.desk.storage.read(post.server_id, item)
        except FileNotFoundError:
            log.error("The file %s of post %s is gone.", item.sha256, post.id)  # noqa: TRY400
            continue
        found.append(discord.File(io.BytesIO(data), filename=_name(item)))
    return found[:MAX_FILES]


async def shown_in(embed: discord.Embed, desk: Desk, post: Post) -> list[discord.File]:
    """A picture of what a post shows, put into an embed: what is to be sent with that."""
    shown = await preview.picture(desk, post.server_id, post.content.shown)
    if shown is None:
        return []
    embed.set_image(url=f"attachment://{PREVIEW}")
    return [discord.File(io.BytesIO(shown), filename=PREVIEW)]


async def links(card: discord.PartialMessage, post: Post) -> dict[str, str]:
    """Fresh links to the files on the card of a post, by their hashes. Raises TryLaterError."""
    try:
        message = await card.fetch()
    except answers.UNREACHABLE as error:
        raise TryLaterError(
            f"The card of the post could not be read ({type(error).__name__}).",
            remedy="See whether Copydesk may read the channel where the card is.",
        ) from error
    return matched(post.content.files, message.attachments)


def matched(media: Sequence[Media], attachments: Sequence[discord.Attachment]) -> dict[str, str]:
    """Links to those files that are among the attachments, by their hashes.

    Discord renames files as it likes, but keeps their order, their bytes and their extensions.
    """
    left = [each for each in attachments if each.filename != PREVIEW]
    found: dict[str, str] = {}
    for item in media:
        place = next((at for at, each in enumerate(left) if _is_same(item, each)), None)
        if place is not None:
            found[item.sha256] = left[place].url
            left = left[place + 1 :]
    return found


def _is_same(media: Media, attachment: discord.Attachment) -> bool:
    ending = PurePath(attachment.filename).suffix.lower().removeprefix(".")
    return attachment.size == media.size and ending == media.extension


def _name(media: Media) -> str:
    """A name whose ending fits the content, so that Discord shows pictures and plays videos."""
    return f"{PurePath(media.filename).stem or 'file'}.{media.extension}"
