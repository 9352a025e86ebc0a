"""Taking files in: what people attached, or gave a link to. The bytes are taken at once, since such
links end, and are kept under their hash before the post that needs them is written.
"""

import logging
from collections.abc import AsyncIterable, AsyncIterator, Callable, Sequence
from dataclasses import dataclass

import db.files
from bot.domain import share_links
from bot.domain.media import MAX_FILES, Media
from bot.errors import InputError, Problem, ProviderError
from bot.storage import name_of
from bot.workflow.desk import Desk

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A file that is to be taken: its name, and its bytes in pieces, which begin to be fetched
    when they are asked for. Fetching raises ProviderError.
    """

    filename: str
    content: Callable[[], AsyncIterable[bytes]]


async def keep(desk: Desk, server_id: int, filename: str, pieces: AsyncIterable[bytes]) -> Media:
    """Keep one file, once for the same bytes. Raises InputError, and whatever `pieces` raises."""
    async with desk.storage.receive(filename, pieces) as arrived:
        # Written down first: from here on nobody removes it as something that nothing needs.
        async with desk.database.transaction() as transaction:
            await db.files.keep(
                transaction, server_id=server_id, media=arrived.media, now=desk.now()
            )
        await desk.storage.put(server_id, arrived)
    return arrived.media


async def take_files(
    desk: Desk, server_id: int, uploads: Sequence[Upload]
) -> tuple[tuple[Media, ...], list[Problem]]:
    """Keep the files that some service takes, one after the other, and say what is wrong with the
    others.
    """
    kept: list[Media] = []
    refused: list[Problem] = []
    for upload in uploads:
        try:
            kept.append(await keep(desk, server_id, upload.filename, upload.content()))
        except InputError as error:
            refused += error.problems
        except ProviderError as error:
            log.warning("A file was not handed over: %s", error)
            refused.append(
                Problem(
                    field="Media",
                    message=f"Discord did not hand over {upload.filename}.",
                    remedy="Upload it again.",
                )
            )
    return tuple(kept), refused


async def take_link(desk: Desk, server_id: int, link: str) -> Media:
    """Fetch a file from an address a person gave, and keep it. Raises InputError."""
    direct = share_links.direct(link)
    try:
        async with desk.fetcher.open(direct.url) as found:
            if found.is_page:
                raise InputError([_page(direct)])
            return await keep(desk, server_id, found.filename, found.pieces)
    except ProviderError as error:
        remedy = error.remedy or "See whether the link opens in a browser, and try again."
        raise InputError([Problem(field="Media", message=error.message, remedy=remedy)]) from error


async def take_links(
    desk: Desk, server_id: int, links: Sequence[str]
) -> tuple[tuple[Media, ...], list[Problem]]:
    """Keep the files behind several addresses, and say what is wrong with the others."""
    kept: list[Media] = []
    refused: list[Problem] = []
    if len(links) > MAX_FILES:
        refused.append(
            Problem(
                field="Media",
                message=f"a post takes {MAX_FILES} files; {len(links)} links were given.",
                remedy="The first were taken.",
            )
        )
    for link in links[:MAX_FILES]:
        try:
            kept.append(await take_link(desk, server_id, link))
        except InputError as error:
            refused += error.problems
    return tuple(kept), refused


async def gone(desk: Desk, server_id: int, media: Sequence[Media]) -> list[Problem]:
    """What is to be said of files that are not kept any more, or not whole, or cannot be read."""
    try:
        missing = [item for item in media if not await desk.storage.has(server_id, item)]
    except OSError:
        return [
            Problem(
                field="Media",
                message="the place where Copydesk keeps files does not answer.",
                remedy="Tell whoever runs Copydesk.",
            )
        ]
    return [
        Problem(
            field="Media",
            message=f"{item.filename} is gone from where Copydesk keeps files.",
            remedy="Tell whoever runs Copydesk, or cancel the post and write it anew.",
        )
        for item in missing
    ]


def content(desk: Desk, server_id: int, media: Media) -> Callable[[], AsyncIterator[bytes]]:
    """The bytes of a file that is kept, from the beginning each time it is called."""
    return lambda: desk.storage.stream(name_of(server_id, media))


def _page(direct: share_links.Direct) -> Problem:
    if direct.drive:
        return Problem(
            field="Media",
            message=f"{direct.drive} showed a page instead of the file.",
            remedy="Share the file so that everyone with the link may see it, or upload it here.",
        )
    return Problem(
        field="Media",
        message="the link leads to a web page, not to a picture or video.",
        remedy="Give the address of the file itself, or download it and upload it here.",
    )
