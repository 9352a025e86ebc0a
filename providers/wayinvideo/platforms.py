"""The platforms WayinVideo publishes to, as it spells them, and what each takes through it.

WayinVideo documents no lengths, so those of the platforms hold; it asks for a title on YouTube and
for a description on TikTok (seed 000).
"""

from collections.abc import Mapping

from bot.domain.limits import Limits
from bot.domain.platform import Kind, Platform
from bot.domain.platform_limits import PLATFORM_LIMITS

SPELLINGS: Mapping[Platform, str] = {
    Platform.YOUTUBE: "youtube",
    Platform.TIKTOK: "tiktok",
    Platform.INSTAGRAM: "instagram",
    Platform.FACEBOOK: "facebook",
    Platform.X: "twitter",
    Platform.LINKEDIN: "linkedin",
}

PLATFORMS: Mapping[str, Platform] = {word: platform for platform, word in SPELLINGS.items()}


def _limits(platform: Platform) -> Limits:
    limits = PLATFORM_LIMITS[platform].clips()
    return limits.text(Kind.CLIP, needs_caption=True) if platform is Platform.TIKTOK else limits


LIMITS: Mapping[Platform, Limits] = {platform: _limits(platform) for platform in SPELLINGS}
"""Clips only: WayinVideo publishes what it has cut itself."""
