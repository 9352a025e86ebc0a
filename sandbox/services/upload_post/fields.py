"""Checking the fields of an upload one by one.

The real service ignores a field it does not know; this one refuses it, so that none is misspelt.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from sandbox.services.upload_post.parameters import PARAMETERS, Row

PLATFORMS: Mapping[str, tuple[str, ...]] = {
    "video": (
        *("tiktok", "instagram", "youtube", "linkedin", "facebook", "x"),
        *("threads", "pinterest", "bluesky"),
    ),
    "photo": (
        *("tiktok", "instagram", "linkedin", "facebook", "x"),
        *("threads", "pinterest", "bluesky", "reddit"),
    ),
    "text": ("x", "linkedin", "facebook", "threads", "bluesky", "reddit"),
}
"""What each kind of post can go to."""

_ANY = ("video", "photo", "text")
_COMMON: tuple[Row, ...] = (
    ("user", _ANY, "text"),
    ("platform[]", _ANY, "text"),
    ("title", _ANY, "text"),
    ("description", _ANY, "text"),
    ("scheduled_date", _ANY, "text"),
    ("timezone", _ANY, "text"),
    ("async_upload", _ANY, "bool"),
    ("request_id", _ANY, "text"),
    ("external_id", _ANY, "text"),
    ("first_comment", _ANY, "text"),
    ("video", ("video",), "url"),
    ("photos[]", ("photo",), "url"),
)


class RefusedError(Exception):
    """A definite no, with its HTTP status and what the body says beside the message."""

    def __init__(self, status: int, message: str, **more: object) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, object] = {"success": False, "message": message, **more}


class NoJobError(RefusedError):
    """No such job, or one that is over; the schedule says `error` where others say `message`."""

    def __init__(self) -> None:
        super().__init__(404, "Job not found")
        self.body = {"success": False, "error": "Job not found"}


def check_fields(kind: str, platforms: Sequence[str], fields: Sequence[tuple[str, str]]) -> None:
    """Refuse a field that no platform of the upload has, that comes twice, or holds a wrong value."""
    known: dict[str, str | tuple[str, ...]] = {}
    for rows in (_COMMON, *(PARAMETERS[platform] for platform in platforms)):
        known |= {name: holds for name, kinds, holds in rows if kind in kinds}
    seen: set[str] = set()
    for name, value in fields:
        if name not in known:
            raise RefusedError(400, f"Unsupported parameter for this upload: {name}")
        if name in seen and not name.endswith("[]"):
            raise RefusedError(400, f"{name} was given twice")
        seen.add(name)
        if value == "" or not _holds(known[name], value):
            raise RefusedError(400, f"Invalid value for {name}: {value}")


def _holds(holds: str | tuple[str, ...], value: str) -> bool:
    match holds:
        case "bool":
            return value in ("true", "false")
        case "int":
            return value.isascii() and value.isdigit()
        case "url":
            return urlsplit(value).scheme in ("http", "https")
        case str():
            return True
        case _:
            return value in holds
