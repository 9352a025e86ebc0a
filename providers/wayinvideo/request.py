"""What is sent to WayinVideo to publish a clip (seed 000)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.domain.options import values
from bot.domain.platform import Kind, Platform
from bot.errors import ContentRejectedError
from providers.capabilities import Schedule
from providers.submission import Recipient, Submission
from providers.wayinvideo.options import COVERS, DEFAULT_VISIBILITY, OPTIONS

SCHEDULE = Schedule(lead=timedelta(minutes=5), horizon=timedelta(days=30))

# A clip is asked for in one spelling and published in another. Nobody documents how 2K and 4K are
# spelled here, and the field may be left out.
_RESOLUTIONS = {
    "SD_480": "480p",
    "HD_720": "720p",
    "FHD_1080": "1080p",
    "QHD_2K": "",
    "UHD_4K": "",
}

_YOUTUBE_TAGS = 500  # characters of all tags (YouTube's documentation of `snippet.tags[]`)


def publish_body(submission: Submission, now: datetime) -> dict[str, Any]:
    """The body of `POST /api/v2/social-media/publish`.

    Raises ContentRejectedError for what WayinVideo cannot publish: no clip, a time it does not
    take, too many tags.
    """
    clip = submission.clip
    if clip is None:
        raise ContentRejectedError(
            "WayinVideo publishes nothing but clips it has cut.", remedy="Choose one of its clips."
        )
    resolution = _RESOLUTIONS.get(clip.resolution, clip.resolution)
    return {
        "project_id": clip.project_id,
        "idx": clip.index,
        **({"resolution": resolution} if resolution else {}),
        "publish_configs": {
            recipient.remote_id: _config(submission, recipient)
            for recipient in submission.recipients
        },
        "scheduled_at": _milliseconds(submission.at, now),
    }


def _config(submission: Submission, recipient: Recipient) -> dict[str, Any]:
    chosen = values(OPTIONS[recipient.platform], recipient.options, Kind.CLIP)
    tags = chosen.get("tags")
    if recipient.platform is Platform.YOUTUBE and isinstance(tags, list):
        _check_tags(tags)
    if recipient.platform in DEFAULT_VISIBILITY:
        chosen.setdefault("visibility", DEFAULT_VISIBILITY[recipient.platform])
    if submission.cover and COVERS[recipient.platform].form(
        submission.cover.at_ms, Kind.CLIP, recipient.options
    ):
        chosen["thumbnail_url"] = submission.cover.picture.url
    texts = {"title": submission.title, "description": submission.caption}
    return {name: text for name, text in texts.items() if text} | chosen


def _check_tags(tags: Sequence[str]) -> None:
    # YouTube puts a comma between tags and quotation marks round one with a space.
    length = sum(len(tag) + (2 if " " in tag else 0) for tag in tags) + len(tags) - 1
    if length > _YOUTUBE_TAGS:
        raise ContentRejectedError(
            f"YouTube takes {_YOUTUBE_TAGS} characters of tags; these have {length}.",
            remedy="Take some tags away.",
        )


def _milliseconds(at: datetime | None, now: datetime) -> int | None:
    """The time as WayinVideo takes it, in milliseconds of the Unix clock; None is now."""
    if at is None:
        return None
    if not SCHEDULE.lead <= at - now <= SCHEDULE.horizon:
        raise ContentRejectedError(
            "WayinVideo takes times from 5 minutes to 30 days ahead;"
            f" {at:%Y-%m-%d %H:%M} UTC is not among them.",
            remedy="Choose another time, or publish now.",
        )
    return round(at.timestamp() * 1000)
