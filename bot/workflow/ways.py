"""How the files of a post reach a service, decided here for all: into its own storage, with the
call, by a link to us or to our bucket, or by a fresh link of the card that shows them in Discord.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum

from bot.domain.cover import CoverForm
from bot.domain.media import CARD_ROOM, Media
from bot.domain.post import Post, Revision, Target
from bot.errors import CopydeskError, Problem, TryLaterError
from bot.storage import name_of
from bot.workflow.desk import Desk
from bot.workflow.media_links import LIFETIME
from providers.capabilities import Capabilities

_MB = 1_000_000


class Way(Enum):
    """How files reach a service, the surest first."""

    STORAGE = "handed over to its storage"
    CALL = "sent with the call"
    LINK = "fetched from us"
    DISCORD = "fetched from Discord"


def way(desk: Desk, capabilities: Capabilities, media: Sequence[Media]) -> Way | None:
    """How these files reach a service; None where they cannot."""
    if capabilities.upload and capabilities.upload.for_posts:
        return Way.STORAGE
    if capabilities.takes_content:
        return Way.CALL
    if desk.links.are_possible or desk.storage.gives_links:
        return Way.LINK
    if desk.shown.links and sum(item.size for item in media) <= CARD_ROOM:
        return Way.DISCORD
    return None


def needed(
    capabilities: Capabilities, content: Revision, targets: Iterable[Target]
) -> tuple[Media, ...]:
    """The files that a service gets for these targets: the media of a post, and the picture of its
    cover where one of them takes it so.
    """
    cover = content.cover
    if cover and any(
        capabilities.cover_limit(target.platform).form(cover.at_ms, content.kind, target.options)
        is CoverForm.PICTURE
        for target in targets
    ):
        return content.files
    return content.media


def problems(desk: Desk, capabilities: Capabilities, media: Sequence[Media]) -> list[Problem]:
    """What is to be said while a post is written whose files cannot reach a service."""
    if not media or way(desk, capabilities, media):
        return []
    size = sum(item.size for item in media) / _MB
    why = "PUBLIC_URL is not set"
    if desk.shown.links:
        why += f", and they have {size:.0f} MB, where Discord holds {CARD_ROOM / _MB:.0f} MB for it"
    return [
        Problem(
            field="Media",
            message=f"{capabilities.label} cannot fetch files from here: {why}.",
            remedy="Ask whoever runs Copydesk to set PUBLIC_URL, or leave the files out.",
        )
    ]


async def link(desk: Desk, server_id: int, media: Media) -> str:
    """A link to a file of ours: it ends in the extension where PUBLIC_URL is set, else it is the
    bucket's own.
    """
    if desk.links.are_possible:
        return desk.links.make(server_id, media, desk.now())
    return await desk.storage.link(name_of(server_id, media), LIFETIME)


async def links_on_discord(desk: Desk, post: Post, wanted: Sequence[Media]) -> Mapping[str, str]:
    """Fresh links to files of a post, by their hashes, from the card that shows them. Raises
    TryLaterError where it does not show them all, or cannot be read.
    """
    found: Mapping[str, str] = await desk.shown.links(post) if desk.shown.links else {}
    if missing := [item for item in wanted if item.sha256 not in found]:
        raise TryLaterError(
            f"The card in Discord does not show {missing[0].filename}, which is fetched from there.",
            remedy="Ask whoever runs Copydesk to set PUBLIC_URL.",
        )
    return {item.sha256: _ending(found[item.sha256], item.extension) for item in wanted}


async def missing(desk: Desk, post: Post, content: Revision) -> list[Problem]:
    """What is in the way of files that are to be fetched from Discord, ahead of the time."""
    wanted: set[Media] = set()
    for target in content.targets:
        capabilities = desk.services.capabilities(target.provider)
        files = needed(capabilities, content, [target])
        if way(desk, capabilities, files) is Way.DISCORD:
            wanted.update(files)
    if not wanted:
        return []
    try:
        await links_on_discord(desk, post, [item for item in content.files if item in wanted])
    except CopydeskError as error:
        return [Problem(field="Media", message=error.message, remedy=error.remedy)]
    return []


def _ending(url: str, extension: str) -> str:
    """A link of Discord's that ends in the extension, by which WAHDX tells photo from video."""
    joined = url.rstrip("&")
    return f"{joined}{'&' if '?' in joined else '?'}name=file.{extension}"
