"""Reading the form of an upload: fields, and files that are kept at once."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import BodyPartReader, web

from sandbox.services.fetching import WrongFormatError, extension, keep
from sandbox.services.upload_post import covers
from sandbox.services.upload_post.fields import RefusedError

_FILES = ("video", "photos[]")


@dataclass(slots=True)
class Form:
    """What came: fields in order; files by their name on the shelf, with their content type; covers
    by their fields, with their name on the shelf.
    """

    fields: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    files: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    covers: dict[str, str] = field(default_factory=dict[str, str])

    def value(self, name: str) -> str:
        """A field; empty when it did not come."""
        return dict(self.fields).get(name, "")

    def values(self, name: str) -> list[str]:
        """A field that may come several times."""
        return [value for found, value in self.fields if found == name]


async def read_form(request: web.Request, folder: Path) -> Form:
    """Read a multipart body; files go into the folder. Refuses anything else."""
    if request.content_type != "multipart/form-data":
        raise RefusedError(400, "Content-Type must be multipart/form-data")
    form = Form()
    try:
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader):
                await _take(part, form, folder)
    except (ValueError, web.HTTPException) as error:
        raise RefusedError(400, f"Malformed form: {error}") from error
    return form


async def _take(part: BodyPartReader, form: Form, folder: Path) -> None:
    name = part.name or ""
    if part.filename is None:
        form.fields.append((name, await part.text()))
        return
    if name not in (*_FILES, *covers.FILES):
        raise RefusedError(400, f"Unsupported file: {name}")
    content_type = part.headers.get("Content-Type", "")
    try:
        suffix = extension(part.filename)
        kept = await keep(_pieces(part), suffix, content_type, folder)
    except WrongFormatError as error:
        raise RefusedError(400, f"Invalid media: {error}") from error
    if name in _FILES:
        form.files.append(kept)
    elif content_type.startswith("image/"):
        form.covers[name] = kept[0]
    else:
        raise RefusedError(400, f"{name} must be a picture")


async def _pieces(part: BodyPartReader) -> AsyncIterator[bytes]:
    while piece := await part.read_chunk(1 << 16):
        yield piece
