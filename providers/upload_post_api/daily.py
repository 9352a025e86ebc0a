"""How many posts Upload-Post takes for one account in 24 hours (its page on limits)."""

from collections.abc import Mapping

from bot.domain.platform import Platform

DAILY: Mapping[Platform, int] = {
    Platform.TIKTOK: 15,
    Platform.INSTAGRAM: 50,
    Platform.YOUTUBE: 10,
    Platform.FACEBOOK: 25,
    Platform.X: 50,
    Platform.THREADS: 50,
    Platform.LINKEDIN: 150,
    Platform.PINTEREST: 20,
}
