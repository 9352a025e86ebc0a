"""What the simulated WAHDX refuses: its checks of a post (seed 002)."""

from dataclasses import dataclass
from typing import Any, cast

from sandbox.services.fetching import FORMATS, extension
from sandbox.services.wahdx.accounts import PUBLIC, Account, Accounts
from sandbox.services.wahdx.fields import POST, SETTINGS, RefusedError, read

_LEVELS = frozenset({PUBLIC, "MUTUAL_FOLLOW_FRIENDS", "FOLLOWER_OF_CREATOR", "SELF_ONLY"})
_TEXT = {
    ("tiktok", "video"): 2_200,
    ("tiktok", "photo"): 4_000,
    "instagram": 2_200,
    "threads": 500,
    "facebook": 63_206,
}
_PHOTOS = {"tiktok": 35, "instagram": 10, "threads": 20, "facebook": 10}
_COVER_MS = 1000
_TEXT_ONLY = ("threads", "facebook")
_META_VIDEO_ONLY = ("m4v", "avi")


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """A post that may be accepted."""

    account: Account
    kind: str
    text: str
    title: str
    urls: list[str]
    visibility: str
    draft: bool
    cover_ms: int | None


def check(body: Any, accounts: Accounts) -> Order:
    """Read the body of a post and refuse it as WAHDX's page says."""
    fields = read(body, POST)
    settings = {
        name: read(fields.get(name, {}), allowed, name) for name, allowed in SETTINGS.items()
    }["tiktokSettings"]
    account = _usable(fields, accounts)
    urls = _urls(fields)
    kind = _kind(account, urls)
    text: str = fields.get("content", "")
    limit = _TEXT.get((account.platform, kind)) or _TEXT[account.platform]
    if len(text.encode("utf-16-le")) // 2 > limit:
        raise RefusedError(400, f"content is limited to {limit} characters on {account.platform}")
    if kind == "text" and not text:
        raise RefusedError(400, "content or mediaItems is required")
    return Order(
        account=account,
        kind=kind,
        text=text,
        title=fields.get("photoTitle", "")[:90] if kind == "photo" else "",
        urls=urls,
        visibility=_visibility(account, settings),
        draft=account.platform == "tiktok" and settings.get("draft", False),
        cover_ms=settings.get("video_cover_timestamp_ms", _COVER_MS)
        if (account.platform, kind) == ("tiktok", "video")
        else None,
    )


def _usable(fields: dict[str, Any], accounts: Accounts) -> Account:
    account = accounts.find(fields.get("accountId"))
    platform = fields.get("platform", "tiktok")
    if platform not in _PHOTOS:
        raise RefusedError(400, f"Unsupported platform: {platform}")
    if account.platform != platform:
        raise RefusedError(400, f"This account is not a {platform} account")
    if account.status != "active":
        raise RefusedError(400, "Account is expired. Please reconnect it.")
    return account


def _urls(fields: dict[str, Any]) -> list[str]:
    names = ("mediaItems", "mediaUrls", "media_urls")
    given = next((fields[name] for name in names if fields.get(name)), None)
    urls = [_url(item) for item in cast("list[Any]", given or [])]
    if not all(url.startswith(("http://", "https://")) for url in urls):
        raise RefusedError(400, "mediaItems must hold objects with a public url")
    return urls


def _url(item: Any) -> str:
    return str(cast("dict[str, Any]", item).get("url") if isinstance(item, dict) else item)


def _kind(account: Account, urls: list[str]) -> str:
    if not urls:
        if account.platform not in _TEXT_ONLY:
            raise RefusedError(400, "mediaItems is required")
        return "text"
    unknown = [url for url in urls if extension(url) not in FORMATS]
    if unknown:
        raise RefusedError(400, f"Unsupported media type: {unknown[0]}")
    kinds = {FORMATS[extension(url)][0] for url in urls}
    if len(kinds) > 1:
        raise RefusedError(400, "Cannot mix media types: a post is one video or a photo carousel")
    (kind,) = kinds
    most = 1 if kind == "video" else _PHOTOS[account.platform]
    if len(urls) > most:
        raise RefusedError(400, f"Up to {most} {kind} item(s) on {account.platform}")
    if account.platform == "tiktok" and extension(urls[0]) in _META_VIDEO_ONLY:
        raise RefusedError(400, f"TikTok does not take .{extension(urls[0])}")
    return kind


def _visibility(account: Account, settings: dict[str, Any]) -> str:
    if account.platform != "tiktok":
        return "PUBLIC"
    level = settings.get("privacy_level", "SELF_ONLY")
    if level not in _LEVELS or level not in account.privacy:
        raise RefusedError(400, f"Invalid privacy_level: {level}")
    return level
