"""Giving a service the files of a post, in the way that `ways` decides."""

from dataclasses import replace

import db.uploads
from bot.domain.media import Media
from bot.errors import ContentRejectedError
from bot.workflow import intake, ways
from bot.workflow.claim import Claim
from bot.workflow.desk import Desk
from bot.workflow.ways import Way
from providers.base import Provider, Uploads
from providers.submission import MediaFile


async def files(desk: Desk, claim: Claim, provider: Provider) -> tuple[MediaFile, ...]:
    """The files of a post as its provider takes them. Raises ProviderError; nothing is published.

    What is handed over to a service's own storage is remembered, so that a call that is repeated
    under its key names the same files.
    """
    post, media = claim.post, claim.post.content.media
    own = [own_file(desk, post.server_id, item) for item in media]
    match ways.way(desk, provider.capabilities, media):
        case Way.STORAGE if isinstance(provider, Uploads):
            pairs = zip(media, own, strict=True)
            urls = [
                await _stored(desk, claim.connection_id, item, file, provider)
                for item, file in pairs
            ]
        case Way.LINK:
            urls = [await ways.link(desk, post.server_id, item) for item in media]
        case Way.DISCORD if media:
            links = await ways.links_on_discord(desk, post)
            urls = [links[item.sha256] for item in media]
        case None if media:
            [problem] = ways.problems(desk, provider.capabilities, media)
            raise ContentRejectedError(problem.message, remedy=problem.remedy)
        case _:
            urls = [""] * len(own)  # its bytes go along with the call
    return tuple(replace(file, url=url) for file, url in zip(own, urls, strict=True))


def own_file(desk: Desk, server_id: int, media: Media) -> MediaFile:
    """A file of ours with its bytes, which no service can fetch yet."""
    return MediaFile(
        url="",
        content_type=media.content_type,
        size=media.size,
        name=f"{media.sha256[:16]}.{media.extension}",
        seconds=media.seconds,
        content=intake.content(desk, server_id, media),
    )


async def _stored(
    desk: Desk, connection_id: int, media: Media, file: MediaFile, provider: Uploads
) -> str:
    """The name under which the service knows a file; it is handed over once."""
    async with desk.database.reading() as reading:
        known = await db.uploads.get(reading, connection_id=connection_id, sha256=media.sha256)
    if known:
        return known
    name = await provider.upload(file)
    async with desk.database.transaction() as transaction:
        await db.uploads.insert(
            transaction,
            connection_id=connection_id,
            sha256=media.sha256,
            name=name,
            now=desk.now(),
        )
        kept = await db.uploads.get(transaction, connection_id=connection_id, sha256=media.sha256)
    return kept or name
