"""The covers of videos at the simulated Upload-Post: a moment, an address, a file or text."""

import base64
import binascii
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

from sandbox.services.fetching import FORMATS, WrongFormatError, extension, fetch, keep
from sandbox.services.upload_post.store import Upload

FILES = {
    "tiktok_cover_image": "tiktok",
    "cover_image": "instagram",
    "thumbnail": "youtube",
    "facebook_thumbnail": "facebook",
}
"""Fields of a form that hold a file, each with its platform."""

_PICTURES = {
    "tiktok": ("tiktok_cover_image_url", "tiktok_cover_image"),
    "instagram": ("cover_url", "cover_image"),
    "youtube": ("thumbnail_url", "thumbnail"),
    "facebook": ("thumbnail_url", "facebook_thumbnail"),
    "pinterest": ("pinterest_cover_image_url", "pinterest_cover_image_data"),
}
_MOMENTS = {
    "tiktok": "cover_timestamp",
    "instagram": "thumb_offset",
    "pinterest": "pinterest_cover_image_key_frame_time",
}
_DATA, _TYPE = "pinterest_cover_image_data", "pinterest_cover_image_content_type"


async def take(upload: Upload, folder: Path) -> None:
    """Fetch or read the pictures that an upload names. Raises UnreachableError and
    WrongFormatError.
    """
    for name, value in upload.fields:
        if name == _DATA:
            upload.covers[name] = await _read(value, upload.value(_TYPE), folder)
        elif name in {url for url, _ in _PICTURES.values()} and upload.kind == "video":
            if FORMATS.get(extension(urlsplit(value).path), ("",))[0] != "photo":
                raise WrongFormatError(f"{name} is no picture: {value}")
            upload.covers[name], _ = await fetch(value, folder)


def cover_of(upload: Upload, platform: str) -> str:
    """What a platform shows of a video before it plays: a picture on the shelf, or a moment."""
    if platform == "facebook" and upload.value("facebook_media_type") != "VIDEO":
        return ""
    for name in _PICTURES.get(platform, ()):
        if name in upload.covers:
            return upload.covers[name]
    moment = upload.value(_MOMENTS.get(platform, ""))
    return f"{moment} ms" if moment else ""


async def _read(text: str, content_type: str, folder: Path) -> str:
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise WrongFormatError(f"{_DATA} is not Base64") from error

    async def pieces() -> AsyncIterator[bytes]:
        yield data

    suffix = {"image/jpeg": "jpg", "image/png": "png"}.get(content_type, "")
    name, _ = await keep(pieces(), suffix, content_type, folder)
    return name
