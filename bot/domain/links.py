"""Addresses of posts: whether one leads to the platform it is said to be on."""

from urllib.parse import urlsplit

from bot.domain.platform import Platform
from bot.errors import InputError, Problem

HOSTS: dict[Platform, tuple[str, ...]] = {
    Platform.TIKTOK: ("tiktok.com",),
    Platform.INSTAGRAM: ("instagram.com",),
    Platform.YOUTUBE: ("youtube.com", "youtu.be"),
    Platform.FACEBOOK: ("facebook.com", "fb.com", "fb.watch"),
    Platform.THREADS: ("threads.net", "threads.com"),
    Platform.X: ("x.com", "twitter.com"),
    Platform.LINKEDIN: ("linkedin.com", "lnkd.in"),
    Platform.PINTEREST: ("pinterest.com", "pin.it"),
    Platform.BLUESKY: ("bsky.app",),
    Platform.REDDIT: ("reddit.com", "redd.it"),
}
"""The hosts under which each platform shows posts; those below them count too."""

LONGEST = 2_000  # characters


def check_link(platform: Platform, text: str) -> str:
    """The address of a post, as typed by a person; raises InputError with the remedy."""
    text = text.strip()
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").lower()
    except ValueError:
        parts, host = None, ""
    is_address = parts is not None and parts.scheme in ("https", "http") and len(text) <= LONGEST
    hosts = HOSTS[platform]
    if is_address and any(host == known or host.endswith(f".{known}") for known in hosts):
        return text
    raise InputError(
        [
            Problem(
                field="Link",
                message=f"“{text[:100]}” is no address of a post on {platform.label}.",
                remedy=f"Paste the post's own address, which begins with https://{hosts[0]}/ or the like.",
            )
        ]
    )
