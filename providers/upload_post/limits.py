"""What each platform takes through Upload-Post.

From its pages "Character limits", "Photo requirements" and "Video requirements" (May 2026), where
they say less or something else than the platforms themselves. A title is needed where Upload-Post
would put the caption in its place although that may be longer than a title can be. Reddit takes no
video from programs.
"""

from collections.abc import Mapping

from bot.domain.counting import TextLimit, Unit
from bot.domain.limits import Limits
from bot.domain.platform import Kind, Platform
from bot.domain.platform_limits import (
    GB,
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

LABELS = {Platform.FACEBOOK: 255, Platform.LINKEDIN: 400}
"""Characters of the title that labels a file; without one it is made of the caption."""


def _title(maximum: int) -> TextLimit:
    return TextLimit(maximum, Unit.CHARACTERS)


def _texts(platform: Platform, maximum: int) -> Limits:
    """A platform's limits with captions of another length."""
    limits = PLATFORM_LIMITS[platform]
    for kind in limits.of:
        limits = limits.text(kind, caption=TextLimit(maximum, Unit.CHARACTERS))
    return limits


_PINTEREST = (
    _texts(Platform.PINTEREST, 500)
    .text(Kind.VIDEO, needs_title=True)
    .text(Kind.PHOTOS, needs_title=True)
    .files(Kind.VIDEO, size=GB, types=frozenset({MP4, MOV, M4V}), seconds=(4, 900))
)
_REDDIT = (
    _texts(Platform.REDDIT, 5_000)
    .only(Kind.TEXT, Kind.PHOTOS)
    .text(Kind.TEXT, needs_title=True)
    .text(Kind.PHOTOS, needs_title=True)
    .files(Kind.PHOTOS, size=10 * MB, types=frozenset({JPEG, PNG, WEBP}))
)
_LINKEDIN = (
    PLATFORM_LIMITS[Platform.LINKEDIN]
    .text(Kind.VIDEO, title=_title(LABELS[Platform.LINKEDIN]))
    .text(Kind.PHOTOS, title=_title(LABELS[Platform.LINKEDIN]))
    .files(
        Kind.VIDEO,
        size=5 * GB,
        types=frozenset({MP4, WEBM}),
        seconds=(3, 600),
        frame_rate=(10, 60),
        aspect=(0.42, 2.4),
    )
)

LIMITS: Mapping[Platform, Limits] = {
    Platform.TIKTOK: PLATFORM_LIMITS[Platform.TIKTOK].text(Kind.PHOTOS, needs_title=True),
    Platform.INSTAGRAM: PLATFORM_LIMITS[Platform.INSTAGRAM].files(
        Kind.PHOTOS, types=frozenset({JPEG, PNG})
    ),
    Platform.YOUTUBE: PLATFORM_LIMITS[Platform.YOUTUBE],
    Platform.FACEBOOK: PLATFORM_LIMITS[Platform.FACEBOOK]
    .text(Kind.VIDEO, title=_title(LABELS[Platform.FACEBOOK]))
    .files(Kind.PHOTOS, types=frozenset({JPEG, PNG, WEBP})),
    # More than 10 photos are spread over several posts.
    Platform.THREADS: PLATFORM_LIMITS[Platform.THREADS].files(Kind.PHOTOS, count=10),
    Platform.X: PLATFORM_LIMITS[Platform.X].files(Kind.PHOTOS, types=frozenset({JPEG, PNG})),
    Platform.LINKEDIN: _LINKEDIN,
    Platform.PINTEREST: _PINTEREST,
    Platform.BLUESKY: PLATFORM_LIMITS[Platform.BLUESKY].files(
        Kind.VIDEO, types=frozenset({MP4, WEBM, MOV}), seconds=(1, 60), frame_rate=(10, 60)
    ),
    Platform.REDDIT: _REDDIT,
}
