"""What each platform takes through Genviral (seed 003, "Limits"; facts on files from its Upload File).

Videos are MP4, MOV, M4V or AVI under 100 MB; a slideshow has 1 to 35 images under 5 MB each, which
TikTok takes as JPEG or PNG. Where the platform itself takes less, the platform's number holds.
Accounts that Genviral hosts take less still: `HOSTED_CAPTION`, `HOSTED_SECONDS`.
"""

from collections.abc import Mapping

from bot.domain.limits import Limits
from bot.domain.platform import Kind, Platform
from bot.domain.platform_limits import AVI, JPEG, M4V, MB, MOV, MP4, PLATFORM_LIMITS, PNG

VIDEO_TYPES = frozenset({MP4, MOV, M4V, AVI})
PHOTO_TYPES = frozenset({JPEG, PNG})
VIDEO_SIZE = 100 * MB - 1  # "under 100MB"
PHOTO_SIZE = 5 * MB - 1  # "under 5MB"

HOSTED_CAPTION = 500
"""Characters of a caption, for accounts that Genviral hosts."""
HOSTED_SECONDS = 60
"""The longest video of a hosted account; the shortest, of 15 seconds, is left to Genviral."""
X_CAPTION, X_SECONDS = 280, 140
"""What an account on X may post without Premium: characters, and seconds of a video."""
TIKTOK_VIDEO_TEXT = 2_200
"""UTF-16 units of caption, title and description of a TikTok video together."""
PINTEREST_TEXT = 800
"""Characters of a pin's description, its tags included."""
YOUTUBE_TEXT = 5_000
"""Bytes of a description on YouTube."""


def _narrowed(platform: Platform) -> Limits:
    limits = PLATFORM_LIMITS[platform]
    for kind, types, size in (
        (Kind.VIDEO, VIDEO_TYPES, VIDEO_SIZE),
        (Kind.PHOTOS, PHOTO_TYPES, PHOTO_SIZE),
    ):
        files = limits.of[kind].files if kind in limits.of else None
        if files:
            limits = limits.files(kind, types=types, size=min(files.size, size))
    return limits


LIMITS: Mapping[Platform, Limits] = {
    Platform.TIKTOK: _narrowed(Platform.TIKTOK),
    Platform.INSTAGRAM: _narrowed(Platform.INSTAGRAM),
    # Genviral makes a title of the description or the caption where none is given.
    Platform.YOUTUBE: _narrowed(Platform.YOUTUBE).text(Kind.VIDEO, needs_title=False),
    Platform.FACEBOOK: _narrowed(Platform.FACEBOOK),
    # 140 seconds, but not for Premium accounts: each account tells (`models.ListedAccount`).
    Platform.X: _narrowed(Platform.X).files(Kind.VIDEO, seconds=None),
    Platform.LINKEDIN: _narrowed(Platform.LINKEDIN),
    # "Requires at least one Pinterest account and image media."
    Platform.PINTEREST: _narrowed(Platform.PINTEREST).only(Kind.PHOTOS),
    Platform.BLUESKY: _narrowed(Platform.BLUESKY),
}
