"""How a service gets the files of a post: its own storage, an address of ours, or with the call."""

from dataclasses import replace

import db.uploads
from bot.domain.media import Media
from bot.workflow import intake
from bot.workflow.claim import Claim
from bot.workflow.desk import Desk
from providers.base import Provider, Uploads
from providers.submission import MediaFile


async def files(desk: Desk, claim: Claim, provider: Provider) -> tuple[MediaFile, ...]:
    """The files of a post as its provider takes them. Raises ProviderError; nothing is published.

    What is handed over to a service's own storage is remembered, so that a call that is repeated
    under its key names the same files.
    """
    server_id = claim.post.server_id
    content = claim.post.content
    own = [own_file(desk, server_id, media) for media in content.media]
    upload = provider.capabilities.upload
    if not own or upload is None or not upload.for_posts or not isinstance(provider, Uploads):
        return tuple(own)
    return tuple(
        [
            replace(file, url=await _stored(desk, claim.connection_id, media, file, provider))
            for media, file in zip(content.media, own, strict=True)
        ]
    )


def own_file(desk: Desk, server_id: int, media: Media) -> MediaFile:
    """A file with its address, where services can reach this installation, and its bytes."""
    file = MediaFile(
        url="",
        content_type=media.content_type,
        size=media.size,
        name=f"{media.sha256[:16]}.{media.extension}",
        seconds=media.seconds,
        content=intake.content(desk, server_id, media),
    )
    if not desk.links.are_possible:
        return file
    return replace(file, url=desk.links.make(server_id, media, desk.now()))


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
