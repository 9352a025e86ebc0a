"""What the simulated Upload-Post refuses before it accepts an upload."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.services.fetching import FORMATS, extension
from sandbox.services.shelf import Post
from sandbox.services.upload_post.covers import FILES
from sandbox.services.upload_post.fields import PLATFORMS, RefusedError, check_fields
from sandbox.services.upload_post.forms import Form
from sandbox.services.upload_post.store import Upload
from sandbox.services.upload_post.texts import too_long

CAPS = {
    "instagram": 50,
    "tiktok": 15,
    "linkedin": 150,
    "youtube": 10,
    "facebook": 25,
    "x": 50,
    "threads": 50,
    "pinterest": 20,
    "reddit": 40,
    "bluesky": 50,
}
"""Publications an account may have in 24 hours."""

_HORIZON = timedelta(days=365)
_FIELD = {"video": "video", "photo": "photos[]"}
_PHOTOS = {"tiktok": 35, "instagram": 10, "x": 4, "bluesky": 4, "pinterest": 5, "threads": 20}


def read_upload(kind: str, form: Form, key: str, now: datetime) -> Upload:
    """Check a form by itself, first what comes first in it; refuses what the service would."""
    profile, platforms = form.value("user"), form.values("platform[]")
    if not profile:
        raise RefusedError(400, "Username required")
    _check_platforms(kind, platforms)
    check_fields(kind, platforms, form.fields)
    sources = form.values(_FIELD.get(kind, ""))
    _check_media(kind, platforms, sources, form)
    _check_covers(kind, platforms, form)
    at = _when(form.value("scheduled_date"), form.value("timezone"), now)
    upload = Upload(
        request_id=form.value("request_id") or secrets.token_hex(16),
        kind=kind,
        profile=profile,
        platforms=platforms,
        fields=form.fields,
        sources=sources,
        files=form.files,
        covers=form.covers,
        key=key,
        made_at=now.isoformat(),
        job_id=secrets.token_hex(16) if at else "",
        at=at.isoformat() if at else "",
    )
    _check_required(upload)
    if wrong := next((said for name in platforms if (said := too_long(upload, name))), ""):
        raise RefusedError(400, wrong)
    return upload


def check_profile(upload: Upload, profile: Mapping[str, Any] | None) -> None:
    """Refuse a profile that does not exist, or that has none of the platforms."""
    if profile is None:
        raise RefusedError(404, "User not found")
    accounts = profile["social_accounts"]
    missing = {
        name: f"Profile {upload.profile} has no {name} account configured"
        for name in upload.platforms
        if not accounts.get(name)
    }
    if len(missing) == len(upload.platforms):
        raise RefusedError(400, "No platform is connected", invalid_platforms=missing)
    expired = [name for name in upload.platforms if _needs_reconnecting(accounts.get(name))]
    if expired:
        message = f"The {expired[0]} account must be connected again"
        raise RefusedError(403, message, error_code="account_reauth_required")


def check_caps(upload: Upload, posts: Sequence[Post], now: datetime) -> None:
    """Refuse what goes over the publications of 24 hours."""
    violations = [
        {
            "platform": platform,
            "type": "hard_cap",
            "message": f"Daily cap reached for {platform}: {used}/{CAPS[platform]} in last 24h",
            "used_last_24h": used,
            "cap": CAPS[platform],
        }
        for platform in upload.platforms
        if (used := used_today(upload.profile, platform, posts, now)) >= CAPS[platform]
    ]
    if violations:
        raise RefusedError(429, "Post verification failed", violations=violations)


def used_today(profile: str, platform: str, posts: Sequence[Post], now: datetime) -> int:
    """How many publications of an account went out in the last 24 hours."""
    since = now - timedelta(hours=24)
    return sum(
        post.account_id == f"{profile}/{platform}"
        and post.status == "completed"
        and datetime.fromisoformat(post.at) > since
        for post in posts
    )


def _needs_reconnecting(account: Any) -> bool:
    return bool(account) and account.get("reauth_required") is True


def _check_platforms(kind: str, platforms: Sequence[str]) -> None:
    if not platforms:
        raise RefusedError(400, "platform[] is required")
    wrong = [name for name in platforms if name not in PLATFORMS[kind]]
    if wrong or len(set(platforms)) < len(platforms):
        raise RefusedError(400, f"Invalid platforms: {wrong or list(platforms)}")


def _check_media(kind: str, platforms: Sequence[str], sources: list[str], form: Form) -> None:
    count = len(sources) + len(form.files)
    if kind == "text":
        if count:
            raise RefusedError(400, "upload_text takes no files")
        return
    if not count:
        raise RefusedError(400, "Video file is required" if kind == "video" else "photos[] missing")
    if kind == "video" and count > 1:
        raise RefusedError(400, "One video at a time")
    names = [*(extension(url) for url in sources), *(extension(name) for name, _ in form.files)]
    if any(FORMATS.get(name, (kind,))[0] != kind for name in names):
        raise RefusedError(400, f"Only {kind} files can be sent to this address")
    most = min((_PHOTOS.get(name, 20) for name in platforms), default=20)
    if count > most:
        raise RefusedError(400, f"Up to {most} photos for these platforms")


def _check_covers(kind: str, platforms: Sequence[str], form: Form) -> None:
    for name in form.covers:
        if kind != "video" or FILES[name] not in platforms:
            raise RefusedError(400, f"Unsupported file for this upload: {name}")


def _check_required(upload: Upload) -> None:
    needs_title = upload.kind == "text" or {"youtube", "reddit"} & set(upload.platforms)
    if needs_title and not upload.value("title"):
        raise RefusedError(400, "Title is required")
    for platform, name in (("pinterest", "pinterest_board_id"), ("reddit", "subreddit")):
        if platform in upload.platforms and not upload.value(name):
            raise RefusedError(400, f"{name} is required for {platform}")
    if upload.value("allowedCountries") and upload.value("blockedCountries"):
        raise RefusedError(400, "allowedCountries and blockedCountries exclude each other")


def read_time(text: str, zone: str, now: datetime) -> datetime:
    """A time as the service reads it: by the clock of `zone`, whatever the text ends in."""
    try:
        told = datetime.fromisoformat(text)
        if told.tzinfo is None or (zone and text.endswith("Z")):
            told = told.replace(tzinfo=ZoneInfo(zone or "UTC"))
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise RefusedError(400, f"Invalid scheduled_date or timezone: {error}") from error
    if not now < told <= now + _HORIZON:
        raise RefusedError(400, "scheduled_date must be in the future and within 365 days")
    return told.astimezone(UTC)


def _when(text: str, zone: str, now: datetime) -> datetime | None:
    if zone and not text:
        raise RefusedError(400, "timezone needs scheduled_date")
    return read_time(text, zone, now) if text else None
