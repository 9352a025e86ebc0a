"""Uploaded files and their signed links, which live 24 hours as Discord's do."""

import hashlib
import hmac
import mimetypes
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError

from sandbox.discord.errors import Refusal
from sandbox.discord.values import Json
from sandbox.discord.world import World

LINK_LIFE = timedelta(hours=24)
BOT_LIMIT = 10 * 1024 * 1024  # bytes for one file of the bot, Discord's default
PERSON_LIMIT = 500 * 1024 * 1024  # bytes for one file of a person, as with Nitro
REFERENCE = "cdn:"  # how stored embeds and components name a file of ours


@dataclass(frozen=True)
class Upload:
    """A file that arrived; its bytes wait in the store's folder under `file_id`."""

    file_id: str
    filename: str
    content_type: str
    size: int  # bytes


def keep(world: World, upload: Upload, channel_id: str, note: Json, *, ephemeral: bool) -> Json:
    """Make an upload a file of a channel; `note` may bring its name and description."""
    filename = final_name(upload, note)
    record: Json = {
        "id": upload.file_id,
        "channel_id": channel_id,
        "filename": filename,
        "size": upload.size,
        "content_type": _content_type(filename, upload),
        "description": note.get("description"),
        "ephemeral": ephemeral,
        **_dimensions(world.store.files_folder / upload.file_id),
    }
    return world.store.files.save(record)


def final_name(upload: Upload, note: Json) -> str:
    """Return the name a file gets, as Discord cleans it."""
    return re.sub(r"[^\w.-]", "_", note.get("filename") or upload.filename)


def discard(world: World, uploads: Mapping[str, Upload]) -> None:
    """Remove the bytes of uploads that no record took."""
    for upload in uploads.values():
        if world.store.files.get(upload.file_id) is None:
            (world.store.files_folder / upload.file_id).unlink(missing_ok=True)


def _content_type(filename: str, upload: Upload) -> str:
    return mimetypes.guess_type(filename)[0] or upload.content_type


def _dimensions(path: Path) -> dict[str, int]:
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(path) as image:
            return {"width": image.width, "height": image.height}
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError):
        return {}


def link(world: World, origin: str, record: Json) -> str:
    """Return a fresh signed link to a file."""
    issued = int(world.now().timestamp())
    expires = issued + int(LINK_LIFE.total_seconds())
    kind = "ephemeral-attachments" if record["ephemeral"] else "attachments"
    path = f"{kind}/{record['channel_id']}/{record['id']}/{record['filename']}"
    query = f"ex={expires:x}&is={issued:x}&hm={_signature(world, record['id'], f'{expires:x}')}"
    return f"{origin}/cdn/{path}?{query}&"


def _signature(world: World, file_id: str, expires: str) -> str:
    key: str = world.store.settings["guild"]["signing_key"]
    return hmac.new(key.encode(), f"{file_id}:{expires}".encode(), hashlib.sha256).hexdigest()


def valid(world: World, file_id: str, query: Mapping[str, str]) -> bool:
    """Tell whether a link was signed by us and has not expired."""
    expires = query.get("ex", "")
    expected = _signature(world, file_id, expires)
    if not hmac.compare_digest(expected, query.get("hm", "")):
        return False
    return int(expires, 16) > world.now().timestamp()


def shape(world: World, origin: str, file_id: str) -> Json:
    """Return Discord's attachment object, with a fresh link."""
    record = world.store.files[file_id]
    names = ("id", "filename", "size", "content_type", "width", "height", "description")
    url = link(world, origin, record)
    body: Json = {name: record[name] for name in names if record.get(name) is not None}
    body |= {"url": url, "proxy_url": url}
    return body | {"ephemeral": True} if record["ephemeral"] else body


_OWN_LINK = re.compile(r"https?://[^/]+/cdn/(?:ephemeral-)?attachments/\d+/(\d+)/")


def with_references(world: World, value: Any, by_name: Mapping[str, str]) -> tuple[Any, set[str]]:
    """Replace `attachment://name` and our own links by stable references.

    Returns the new value and the ids of the files it names. Raises 50035's cause as KeyError
    free: an unknown attachment name is refused with 50035 by the caller's rules.
    """
    used: set[str] = set()

    def replace(url: str) -> str:
        file_id: str | None = None
        if url.startswith("attachment://"):
            file_id = by_name.get(url.removeprefix("attachment://"))
            if file_id is None:
                raise Refusal(50035, errors={"attachments": _UNKNOWN_NAME})
        elif (found := _OWN_LINK.match(url)) and world.store.files.get(found[1]):
            file_id = found[1]
        if file_id is None:
            return url
        used.add(file_id)
        return REFERENCE + file_id

    return _walk(value, replace), used


_UNKNOWN_NAME = {
    "_errors": [
        {"code": "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
         "message": "The referenced attachment was not found"}
    ]
}  # fmt: skip


def with_links(world: World, origin: str, value: Any) -> Any:
    """Replace stable references by fresh signed links."""

    def replace(url: str) -> str:
        record = world.store.files.get(url.removeprefix(REFERENCE))
        return link(world, origin, record) if record else url

    return _walk(value, replace)


def _walk(value: Any, replace: Any) -> Any:
    if isinstance(value, list):
        items: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
        return [_walk(item, replace) for item in items]
    if isinstance(value, dict):
        fields: Json = value  # pyright: ignore[reportUnknownVariableType]
        changed = {key: _walk(item, replace) for key, item in fields.items()}
        if isinstance(url := changed.get("url"), str):
            changed["url"] = replace(url)
            if "proxy_url" in changed:
                changed["proxy_url"] = changed["url"]
        return changed
    return value
