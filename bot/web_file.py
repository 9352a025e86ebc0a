"""One file over HTTP: whole or in part (RFC 9110, sections 13 and 14), under a name that never means
other bytes, since it is their hash.
"""

from aiohttp import hdrs, web

from bot.domain.media import EXTENSIONS
from bot.storage import Kept, Storage

TYPES = {extension: content_type for content_type, extension in EXTENSIONS.items()}


async def answer(
    request: web.Request, storage: Storage, kept: Kept, *, seconds: int
) -> web.StreamResponse:
    """Give a file, or what is asked of it; whoever has it may keep it for so many seconds."""
    try:
        size = await storage.size(kept)
    except FileNotFoundError:
        raise web.HTTPNotFound(text="The file is gone.") from None
    except OSError:
        raise web.HTTPServiceUnavailable(text="The file cannot be read now.") from None
    tag = f'"{kept.sha256}"'
    headers = {
        hdrs.ETAG: tag,
        hdrs.ACCEPT_RANGES: "bytes",
        hdrs.CACHE_CONTROL: f"private, max-age={seconds}, immutable",
        "X-Content-Type-Options": "nosniff",
    }
    if _knows(request, tag):
        return web.Response(status=304, headers=headers)
    part = _part(request, tag, size)
    start, end = part or (0, size)
    if start >= end:
        headers[hdrs.CONTENT_RANGE] = f"bytes */{size}"
        raise web.HTTPRequestRangeNotSatisfiable(headers=headers)
    if part:
        headers[hdrs.CONTENT_RANGE] = f"bytes {start}-{end - 1}/{size}"
    headers[hdrs.CONTENT_TYPE] = TYPES[kept.extension]
    headers[hdrs.CONTENT_LENGTH] = str(end - start)
    response = web.StreamResponse(status=206 if part else 200, headers=headers)
    await response.prepare(request)
    if request.method != hdrs.METH_HEAD:
        async for piece in storage.stream(kept, start, end):
            await response.write(piece)
    await response.write_eof()
    return response


def _knows(request: web.Request, tag: str) -> bool:
    """Whether whoever asks has the file already."""
    known = request.headers.get(hdrs.IF_NONE_MATCH, "")
    return tag in known or known.strip() == "*"


def _part(request: web.Request, tag: str, size: int) -> tuple[int, int] | None:
    """The bytes that are asked for: from the first up to but not with the second. None for all of
    them, also where several parts are asked for, or a part of another file.
    """
    if request.headers.get(hdrs.IF_RANGE, tag) != tag:
        return None
    try:
        wanted = request.http_range
    except ValueError:
        return None
    start, end = wanted.start, wanted.stop
    if start is None:
        return None
    if start < 0:  # so many from the end
        return max(0, size + start), size
    return start, size if end is None else min(end, size)
