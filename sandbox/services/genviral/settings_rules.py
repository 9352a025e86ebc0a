"""Which settings of a platform go with which accounts and media (seed 003, its settings tables)."""

from collections.abc import Iterator, Sequence
from typing import Any

from sandbox.services.genviral.accounts import SLIDESHOW, VIDEO, Account

_ALIASES = {"twitter": "x", "instagram-standalone": "instagram", "linkedin-page": "linkedin"}
_VIDEO_ONLY = ("disable_duet", "disable_stitch", "video_cover_timestamp_ms")
_REEL_ONLY = ("cover_url", "thumb_offset_ms")
_BYO_ONLY = (*_REEL_ONLY, "share_to_feed")


def part(body: dict[str, Any], name: str) -> dict[str, Any]:
    """An object in a body; empty where it is absent or null."""
    found: dict[str, Any] | None = body.get(name)
    return found or {}


def stored(body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The settings by platform, as they are stored: of two names for one, the alias's wins."""
    found: dict[str, dict[str, Any]] = {}
    given: dict[str, dict[str, Any]] = part(body, "settings")
    for name in sorted(given, key=_ALIASES.__contains__):
        found[_ALIASES.get(name, name)] = given[name]
    return found


def settings_problems(
    body: dict[str, Any], accounts: Sequence[Account], kind: str
) -> Iterator[str]:
    """Everything wrong with the settings of a post."""
    tiktok, pinterest = body.get("tiktok"), body.get("pinterest")
    if tiktok is not None and pinterest is not None:
        yield "tiktok and pinterest are mutually exclusive"
    if tiktok is not None:
        yield from _tiktok(tiktok, body["caption"], accounts, kind)
    if pinterest is not None:
        yield from _pinterest(pinterest, body["caption"], accounts, kind)
    settings = stored(body)
    platforms = {account.platform for account in accounts}
    for name in settings.keys() - platforms:
        yield f"settings.{name} was sent, but no {name} account is targeted"
    if "youtube" in settings and kind != VIDEO:
        yield "settings.youtube requires a video post"
    if "instagram" in settings:
        yield from _instagram(settings["instagram"], accounts, kind)


def _tiktok(
    given: dict[str, Any], caption: str, accounts: Sequence[Account], kind: str
) -> Iterator[str]:
    if any(account.platform != "tiktok" or account.is_hosted for account in accounts):
        yield "tiktok settings require every account to be a TikTok BYO account"
    if kind not in (VIDEO, SLIDESHOW):
        yield "tiktok settings require media"
    if kind == VIDEO:
        yield from _tiktok_video(given, caption)
    elif len(given.get("title", "")) > 90:
        yield "tiktok.title exceeds 90 characters for a slideshow"
    elif used := [name for name in _VIDEO_ONLY if name in given]:
        yield f"tiktok.{used[0]} is only supported for videos"


def _tiktok_video(given: dict[str, Any], caption: str) -> Iterator[str]:
    texts = (caption, given.get("title", ""), given.get("description", ""))
    if sum(len(text.encode("utf-16-le")) // 2 for text in texts) > 2_200:
        yield "caption, tiktok.title and tiktok.description exceed 2200 characters combined"
    if given.get("post_mode") == "MEDIA_UPLOAD":
        yield "tiktok.post_mode MEDIA_UPLOAD is only supported for slideshows"
    if "auto_add_music" in given:
        yield "tiktok.auto_add_music is only supported for slideshows"


def _pinterest(
    given: dict[str, Any], caption: str, accounts: Sequence[Account], kind: str
) -> Iterator[str]:
    if not any(account.platform == "pinterest" for account in accounts):
        yield "pinterest settings require a Pinterest account"
    if kind != SLIDESHOW:
        yield "pinterest settings require image media"
    if len(" ".join([caption, *given.get("tags", [])])) > 800:
        yield "caption and pinterest.tags exceed 800 characters"


def _instagram(given: dict[str, Any], accounts: Sequence[Account], kind: str) -> Iterator[str]:
    hosted = any(account.platform == "instagram" and account.is_hosted for account in accounts)
    if hosted and (used := [name for name in _BYO_ONLY if name in given]):
        yield f"settings.instagram.{used[0]} is not supported for hosted accounts"
    is_reel = kind == VIDEO and given.get("post_type", "post") == "post"
    if not is_reel and (used := [name for name in _REEL_ONLY if name in given]):
        yield f"settings.instagram.{used[0]} is only supported for Reels"
