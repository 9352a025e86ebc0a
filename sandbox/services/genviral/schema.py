"""The bodies the simulated Genviral takes: every field of seed 003 and of its pages, and no other."""

from collections.abc import Iterator
from typing import Any

from sandbox.services.genviral.shapes import (
    Issue,
    Path,
    Shape,
    boolean,
    choice,
    fields,
    integer,
    link,
    listing,
    moment,
    number,
    optional,
    text,
)

_LABELS = listing(fields({"label": text(least=1)}, required=("label",)), most=20)
_TAGS = listing(fields({"value": text(), "label": text()}, required=("value", "label")), most=500)

_X = fields(
    {
        "who_can_reply_post": choice(
            "everyone", "following", "mentionedUsers", "subscribers", "verified"
        ),
        "community": link,
        "made_with_ai": boolean,
        "paid_partnership": boolean,
    }
)
_INSTAGRAM = fields(
    {
        "post_type": choice("post", "story"),
        "is_trial_reel": boolean,
        "graduation_strategy": choice("MANUAL", "SS_PERFORMANCE"),
        "collaborators": _LABELS,
        "cover_url": link,
        "thumb_offset_ms": integer,
        "share_to_feed": boolean,
    }
)
_LINKEDIN = fields({"post_as_images_carousel": boolean, "carousel_name": text()})
_YOUTUBE = fields(
    {
        "title": text(most=100),
        "description": text(),
        "type": choice("public", "private", "unlisted"),
        "privacy": choice("public", "private", "unlisted"),
        "tags": _TAGS,
        "categoryId": text(),
        "selfDeclaredMadeForKids": choice("yes", "no"),
        "madeForKids": boolean,
        "thumbnail": fields({"path": link}, required=("path",)),
    }
)
_TIKTOK = fields(
    {
        "title": text(most=2_200),
        "description": text(most=4_000),
        "post_mode": choice("DIRECT_POST", "MEDIA_UPLOAD"),
        "privacy_level": choice(
            "PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "FOLLOWER_OF_CREATOR", "SELF_ONLY"
        ),
        "music_usage_confirmation": boolean,
        "user_consent": boolean,
        "disable_comment": boolean,
        "disable_duet": boolean,
        "disable_stitch": boolean,
        "auto_add_music": boolean,
        "is_your_brand": boolean,
        "is_branded_content": boolean,
        "video_cover_timestamp_ms": integer,
    }
)
_PINTEREST = fields(
    {
        "board_id": text(most=128),
        "title": text(most=100),
        "link": text(most=2_048),
        "tags": listing(text(least=1, most=100), most=30),
    }
)
_SETTINGS = fields(
    {
        "x": _X,
        "twitter": _X,
        "instagram": _INSTAGRAM,
        "instagram-standalone": _INSTAGRAM,
        "facebook": fields({"url": link}),
        "linkedin": _LINKEDIN,
        "linkedin-page": _LINKEDIN,
        "bluesky": fields({}),
        "youtube": _YOUTUBE,
    }
)
_ACCOUNTS = listing(fields({"id": text(least=1)}, required=("id",)), least=1, most=10)


_VIDEO = fields(
    {"type": choice("video"), "url": link, "duration_sec": number, "size": integer},
    required=("type", "url"),
)
_SLIDESHOW = fields(
    {"type": choice("slideshow"), "urls": listing(link, least=1, most=35)},
    required=("type", "urls"),
)


def _media(value: Any, path: Path) -> Iterator[Issue]:
    is_slideshow = isinstance(value, dict) and "urls" in value
    yield from (_SLIDESHOW if is_slideshow else _VIDEO)(value, path)


_POST: dict[str, Shape] = {
    "caption": text(),
    "accounts": _ACCOUNTS,
    "media": optional(_media),
    "scheduled_at": moment,
    "external_id": text(least=1, most=128),
    "music_url": text(least=1),
    "tiktok": _TIKTOK,
    "pinterest": _PINTEREST,
    "settings": _SETTINGS,
}
CREATE = fields(_POST, required=("caption", "accounts"))
"""`POST /posts`."""
_CLEARABLE = ("scheduled_at", "music_url", "tiktok", "pinterest")
UPDATE = fields(_POST | {name: optional(_POST[name]) for name in _CLEARABLE})
"""`PATCH /posts/{id}`."""
_IDS = text(least=1)
RETRY = fields(
    {
        "post_ids": listing(_IDS, least=1, most=20),
        "account_ids": listing(_IDS, least=1, most=10),
    },
    required=("post_ids",),
)
"""`POST /posts/retry`."""
_DELETED = listing(_IDS, least=1, most=50)


def DELETE(value: Any, path: Path) -> Iterator[Issue]:  # noqa: N802 - a shape like the others
    """`POST /posts/delete`: `postIds`, or its alias `post_ids`."""
    name = "post_ids" if isinstance(value, dict) and "post_ids" in value else "postIds"
    yield from fields({name: _DELETED}, required=(name,))(value, path)


TYPES = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/heif": "heif",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/x-msvideo": "avi",
    "video/webm": "webm",
    "video/x-m4v": "m4v",
}
FILE = fields(
    {
        "contentType": choice(*TYPES),
        "filename": text(most=255),
        "duration_sec": number,
        "size": integer,
    },
    required=("contentType",),
)
"""`POST /files`."""
