"""What each platform takes through OpenShorts: clips it has cut, and the texts that go with them.

Seed 001 gives captions of 2,200 characters on TikTok and Instagram and titles of 100 on YouTube,
as the platforms themselves do. A caption is needed everywhere, because OpenShorts puts a text of
its own where there is none, which nobody approved.
"""

from collections.abc import Mapping

from bot.domain.limits import Limits
from bot.domain.platform import Kind, Platform
from bot.domain.platform_limits import PLATFORM_LIMITS

LIMITS: Mapping[Platform, Limits] = {
    platform: PLATFORM_LIMITS[platform].clips().text(Kind.CLIP, needs_caption=True)
    for platform in (Platform.TIKTOK, Platform.INSTAGRAM, Platform.YOUTUBE)
}
