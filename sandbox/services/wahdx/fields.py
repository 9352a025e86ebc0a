"""What a request to the simulated WAHDX may hold: every field seed 002 documents, by its type."""

from collections.abc import Mapping
from typing import Any, cast

from aiohttp import web

Fields = Mapping[str, type]

POST: Fields = {
    "platform": str,
    "accountId": str,
    "content": str,
    "photoTitle": str,
    "mediaItems": list,
    "mediaUrls": list,
    "media_urls": list,
    "tiktokSettings": dict,
    "instagramSettings": dict,
    "threadsSettings": dict,
    "facebookSettings": dict,
}
SETTINGS: Mapping[str, Fields] = {
    "tiktokSettings": {
        "privacy_level": str,
        "media_type": str,
        "draft": bool,
        "allow_comment": bool,
        "allow_duet": bool,
        "allow_stitch": bool,
        "video_cover_timestamp_ms": int,
        "auto_add_music": bool,
        "video_made_with_ai": bool,
    },
    "instagramSettings": {"share_to_feed": bool},
    "threadsSettings": {},
    "facebookSettings": {},
}
BATCH: Fields = {"checks": list, "postId": str}
CHECK: Fields = {"accountId": str, "publishId": str, "mediaType": str}
LOGIN: Fields = {"unique_id": str}
LOGIN_CHECK: Fields = {"token": str}

_WORDS = {
    str: "a string",
    list: "a list",
    dict: "an object",
    bool: "true or false",
    int: "a number",
}


class RefusedError(Exception):
    """A definite no, with its HTTP status and what stands beside the error."""

    def __init__(self, status: int, error: str, **beside: Any) -> None:
        super().__init__(error)
        self.status = status
        self.body = {"success": False, "error": error} | beside


async def body_of(request: web.Request) -> Any:
    """The JSON of a request, which must say that it is JSON."""
    if request.content_type != "application/json":
        raise RefusedError(400, "Content-Type must be application/json")
    return await request.json()


def read(given: Any, allowed: Fields, where: str = "") -> dict[str, Any]:
    """The fields of an object; refuses one that is not documented and a value of another type."""
    if not isinstance(given, dict):
        raise RefusedError(400, f"{where or 'The body'} must be a JSON object")
    fields = cast("dict[str, Any]", given)
    for name, value in fields.items():
        place = f"{where}.{name}" if where else name
        if name not in allowed:
            raise RefusedError(400, f"Unknown field: {place}")
        if type(value) is not allowed[name]:
            raise RefusedError(400, f"{place} must be {_WORDS[allowed[name]]}")
    return fields


def media_type(value: object) -> str | None:
    """What a question says the post is made of."""
    if value not in (None, "video", "photo"):
        raise RefusedError(400, "mediaType must be video or photo")
    return cast("str | None", value)
