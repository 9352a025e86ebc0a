"""What the simulated Genviral refuses although its shape is right (seed 003)."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sandbox.services.genviral.accounts import BY_ID, SLIDESHOW, TEXT, VIDEO, Account
from sandbox.services.genviral.refusals import RefusedError, invalid
from sandbox.services.genviral.settings_rules import settings_problems

AT_ONCE = timedelta(seconds=30)
LEAD = timedelta(minutes=2)
_UNITS = {"utf-16": "utf-16-le", "bytes": "utf-8"}


def targets(body: dict[str, Any]) -> list[Account]:
    """The accounts of a post; refuses unknown and inactive ones."""
    ids = [item["id"] for item in body["accounts"]]
    found = [BY_ID[id_] for id_ in ids if id_ in BY_ID and BY_ID[id_].status == "active"]
    if len(found) < len(ids):
        raise RefusedError(
            400, "unknown_accounts", "One or more accounts are not available for this API key"
        )
    return found


def due(body: dict[str, Any], now: datetime) -> datetime | None:
    """The time of a scheduled post; None for one that goes out at once."""
    told = body.get("scheduled_at")
    if told is None:
        return None
    at = datetime.fromisoformat(told).astimezone(UTC)
    if abs(at - now) <= AT_ONCE:
        return None
    if at - now < LEAD:
        raise invalid("scheduled_at must be at least 2 minutes in the future")
    return at


def check(body: dict[str, Any], accounts: Sequence[Account], seconds: float | None) -> None:
    """Refuse what breaks a rule; `seconds` is the length of the video, where it is known."""
    kind = kind_of(body)
    _music(body, accounts)
    for account in accounts:
        for problem in _account_problems(body, account, kind, seconds):
            raise invalid(f"{account.platform} (@{account.username}): {problem}")
    for problem in settings_problems(body, accounts, kind):
        raise invalid(problem)


def kind_of(body: dict[str, Any]) -> str:
    """What the post is made of."""
    media = body.get("media")
    return media["type"] if media else TEXT


def _music(body: dict[str, Any], accounts: Sequence[Account]) -> None:
    music: str | None = body.get("music_url")
    if not music:
        return
    host = urlsplit(music).hostname or ""
    if host != "tiktok.com" and not host.endswith(".tiktok.com"):
        raise RefusedError(400, "invalid_music_url", "music_url must be a TikTok URL")
    if any(account.platform != "tiktok" for account in accounts):
        raise RefusedError(400, "invalid_music_url", "music_url is only supported on TikTok")


def _account_problems(
    body: dict[str, Any], account: Account, kind: str, seconds: float | None
) -> Iterator[str]:
    if kind not in account.kinds:
        yield f"{kind} posts are not supported"
    limit = 4_000 if (account.platform, kind) == ("tiktok", SLIDESHOW) else account.caption
    limit = min(limit, 500) if account.is_hosted else limit
    if _length(body["caption"], account.unit) > limit:
        yield f"caption exceeds {limit} {account.unit}"
    if kind == VIDEO:
        yield from _video_problems(account, seconds)


def _video_problems(account: Account, seconds: float | None) -> Iterator[str]:
    if account.is_hosted and seconds is not None and not 15 <= seconds <= 60:
        yield "videos for hosted accounts must be 15 to 60 seconds"
    if account.platform == "x" and not account.premium:
        if seconds is None:
            yield "video duration metadata is required"
        elif seconds > 140:
            yield "videos may be at most 140 seconds"


def _length(text: str, unit: str) -> int:
    if unit not in _UNITS:
        return len(text)
    size = len(text.encode(_UNITS[unit]))
    return size // 2 if unit == "utf-16" else size
