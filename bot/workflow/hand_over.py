"""Giving a service the files of a post, in the way that `ways` decides."""

from dataclasses import dataclass, replace

import db.uploads
from bot.domain.media import Media
from bot.errors import ContentRejectedError
from bot.workflow import intake, ways
from bot.workflow.claim import Claim
from bot.workflow.desk import Desk
from bot.workflow.ways import Way
from providers.base import Provider, Uploads
from providers.submission import CoverFile, MediaFile


@dataclass(frozen=True, slots=True)
class Handed:
    """The files of a post as its provider takes them, and the cover of its video."""

    media: tuple[MediaFile, ...]
    cover: CoverFile | None


async def files(desk: Desk, claim: Claim, provider: Provider) -> Handed:
    """Give the provider of a call the files of its post. Raises ProviderError; nothing is published.

    What is handed over to a service's own storage is remembered, so that a call that is repeated
    under its key names the same files.
    """
    post, content = claim.post, claim.post.content
    targets = [delivery.target for delivery in claim.deliveries]
    media = ways.needed(provider.capabilities, content, targets)
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
            links = await ways.links_on_discord(desk, post, media)
            urls = [links[item.sha256] for item in media]
        case None if media:
            [problem] = ways.problems(desk, provider.capabilities, media)
            raise ContentRejectedError(problem.message, remedy=problem.remedy)
        case _:
            urls = [""] * len(own)  # its bytes go along with the call
    handed = tuple(replace(file, url=url) for file, url in zip(own, urls, strict=True))
    if content.cover is None:
        return Handed(handed, None)
    count, picture = len(content.media), own_file(desk, post.server_id, content.cover.picture)
    picture = next(iter(handed[count:]), picture)  # where only its moment is told, it stays here
    return Handed(handed[:count], CoverFile(at_ms=content.cover.at_ms, picture=picture))


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
