"""What each platform takes through WAHDX.

Video formats and 500 MB come from seed 002, which names no photo formats: TikTok's are those of
WAHDX's older page (JPEG, PNG, WebP of 20 MB), Meta's those of its own documents (JPEG, PNG of
8 MB). The seed allows TikTok captions of 4,000, TikTok itself 2,200 for a video: the smaller holds.
The seed does not speak of posts without media; Threads and Facebook have them, so they are taken
there, and WAHDX will say if it does not.
"""

from collections.abc import Mapping

from bot.domain.limits import Limits, MediaLimit, TextLimit, Unit
from bot.domain.platform import Platform

MOST_PUBLIC_FIRST = (
    "PUBLIC_TO_EVERYONE",
    "FOLLOWER_OF_CREATOR",
    "MUTUAL_FOLLOW_FRIENDS",
    "SELF_ONLY",
)
"""TikTok's privacy levels."""

_MB = 1_000_000
_TIKTOK_VIDEO = frozenset({"video/mp4", "video/quicktime", "video/webm"})
_META_VIDEO = _TIKTOK_VIDEO | {"video/x-m4v", "video/x-msvideo"}
_META_PHOTO = frozenset({"image/jpeg", "image/png"})
_TIKTOK_PHOTO = _META_PHOTO | {"image/webp"}

_INSTAGRAM_TEXT = TextLimit(2_200, Unit.CHARACTERS)
_THREADS_TEXT = TextLimit(500, Unit.THREADS)
_FACEBOOK_TEXT = TextLimit(63_206, Unit.CHARACTERS)


def _video(types: frozenset[str], caption: TextLimit) -> MediaLimit:
    return MediaLimit(count=1, types=types, size=500 * _MB, caption=caption)


def _meta_photos(count: int, caption: TextLimit) -> MediaLimit:
    return MediaLimit(count=count, types=_META_PHOTO, size=8 * _MB, caption=caption)


LIMITS: Mapping[Platform, Limits] = {
    Platform.TIKTOK: Limits(
        video=_video(_TIKTOK_VIDEO, TextLimit(2_200, Unit.UTF16)),
        photos=MediaLimit(
            count=35,
            types=_TIKTOK_PHOTO,
            size=20 * _MB,
            caption=TextLimit(4_000, Unit.UTF16),
            title=TextLimit(90, Unit.UTF16),
        ),
    ),
    Platform.INSTAGRAM: Limits(
        video=_video(_META_VIDEO, _INSTAGRAM_TEXT), photos=_meta_photos(10, _INSTAGRAM_TEXT)
    ),
    Platform.THREADS: Limits(
        text=_THREADS_TEXT,
        video=_video(_META_VIDEO, _THREADS_TEXT),
        photos=_meta_photos(20, _THREADS_TEXT),
    ),
    Platform.FACEBOOK: Limits(
        text=_FACEBOOK_TEXT,
        video=_video(_META_VIDEO, _FACEBOOK_TEXT),
        photos=_meta_photos(10, _FACEBOOK_TEXT),
    ),
}
