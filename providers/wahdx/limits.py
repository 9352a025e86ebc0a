"""What each platform takes through WAHDX.

Video formats and 500 MB come from seed 002, which names no photo formats: TikTok's are those of
WAHDX's older page (JPEG, PNG, WebP of 20 MB), Meta's those of its own documents (JPEG, PNG of
8 MB). The seed allows TikTok captions of 4,000, TikTok itself 2,200 for a video: the smaller holds.
The seed does not speak of posts without media; Threads and Facebook have them, so they are taken
there, and WAHDX will say if it does not.
"""

from collections.abc import Mapping

from bot.domain.limits import Limits
from bot.domain.platform import Kind, Platform
from bot.domain.platform_limits import (
    AVI,
    JPEG,
    M4V,
    MB,
    MOV,
    MP4,
    PLATFORM_LIMITS,
    PNG,
    WEBM,
    WEBP,
)
from providers.wahdx.options import LONGEST_VIDEO

_TIKTOK_VIDEO = frozenset({MP4, MOV, WEBM})
_META_VIDEO = _TIKTOK_VIDEO | {M4V, AVI}
_META_PHOTO = frozenset({JPEG, PNG})
_VIDEO = {"size": 500 * MB, "seconds": (3, LONGEST_VIDEO), "frame_rate": (24, 60)}


def _meta(platform: Platform) -> Limits:
    limits = PLATFORM_LIMITS[platform].files(Kind.VIDEO, types=_META_VIDEO, **_VIDEO)
    return limits.files(Kind.PHOTOS, types=_META_PHOTO)


LIMITS: Mapping[Platform, Limits] = {
    Platform.TIKTOK: PLATFORM_LIMITS[Platform.TIKTOK]
    .files(Kind.VIDEO, types=_TIKTOK_VIDEO, **_VIDEO)
    .files(Kind.PHOTOS, types=_META_PHOTO | {WEBP}),
    Platform.INSTAGRAM: _meta(Platform.INSTAGRAM),
    Platform.THREADS: _meta(Platform.THREADS),
    Platform.FACEBOOK: _meta(Platform.FACEBOOK),
}
