"""The cover of a video at Genviral (seed 003, its settings tables)."""

from collections.abc import Mapping
from typing import Any

from bot.domain.cover import NO_COVERS, CoverForm, CoverLimit
from bot.domain.platform import Platform
from bot.domain.platform_limits import JPEG, MB, PNG
from providers.submission import Recipient, Submission

_PICTURES = frozenset({JPEG, PNG})

COVERS: Mapping[Platform, CoverLimit] = {
    Platform.TIKTOK: CoverLimit(frame=True),
    Platform.INSTAGRAM: CoverLimit(
        frame=True,
        types=_PICTURES,
        size=8 * MB,
        only_with=("post_type", frozenset({"", "post"})),
        otherwise="a story shows none.",
    ),
    Platform.YOUTUBE: CoverLimit(types=_PICTURES, size=2 * MB),
}
"""Accounts that Genviral hosts take none (`AccountLimits.covers`); sizes are the platforms'."""

_MOMENTS = {
    Platform.TIKTOK: "video_cover_timestamp_ms",
    Platform.INSTAGRAM: "thumb_offset_ms",
}


def settings(submission: Submission, recipient: Recipient) -> dict[str, Any]:
    """The settings by which an account gets the cover of its video."""
    cover, platform = submission.cover, recipient.platform
    if cover is None:
        return {}
    limit = COVERS.get(platform, NO_COVERS)
    match limit.form(cover.at_ms, submission.kind, recipient.options):
        case CoverForm.FRAME:
            return {_MOMENTS[platform]: cover.at_ms}
        case CoverForm.PICTURE if platform is Platform.YOUTUBE:
            return {"thumbnail": {"path": cover.picture.url}}
        case CoverForm.PICTURE:
            return {"cover_url": cover.picture.url}
        case None:
            return {}
