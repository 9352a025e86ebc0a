"""What is sent to Genviral: the body of a post and of a file (seed 003; its Upload File page)."""

import hashlib
from collections.abc import Set
from datetime import UTC, datetime
from typing import Any

from bot.domain.platform import Kind, Platform
from providers.genviral.settings import TOP_LEVEL, by_platform, given
from providers.submission import MediaFile, Submission

LONGEST_KEY = 128  # characters of an `external_id`


def post_body(submission: Submission, hosted: Set[str]) -> dict[str, Any]:
    """The body of `POST /posts`; `hosted` are the ids of accounts that Genviral hosts.

    It depends on nothing but the submission: the same key with another body is a conflict, so a
    call that is repeated must say the same. So a time that has come is sent as well; up to 30
    seconds ahead it means at once (seed 003).
    """
    body: dict[str, Any] = {
        "caption": submission.caption,
        "accounts": [{"id": recipient.remote_id} for recipient in submission.recipients],
        "external_id": external_id(submission.key),
    }
    if submission.media:
        body["media"] = _media(submission)
    if submission.at:
        body["scheduled_at"] = moment(submission.at)
    return body | _music(submission) | _settings(submission, hosted)


def external_id(key: str) -> str:
    """The key as Genviral takes it; one that is too long goes as its hash."""
    return key if len(key) <= LONGEST_KEY else hashlib.sha256(key.encode()).hexdigest()


def moment(at: datetime) -> str:
    """A time with its offset, in whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def file_body(file: MediaFile) -> dict[str, Any]:
    """The body of `POST /files`."""
    body = {"contentType": file.content_type, "filename": file.name, "size": file.size}
    return {name: value for name, value in body.items() if value} | _duration(file)


def _media(submission: Submission) -> dict[str, Any]:
    if submission.kind is Kind.VIDEO:
        (video,) = submission.media
        return {"type": "video", "url": video.url, **_duration(video)}
    return {"type": "slideshow", "urls": [picture.url for picture in submission.media]}


def _duration(file: MediaFile) -> dict[str, int]:
    # Whole seconds, as in Genviral's example; it says nowhere that it takes fractions.
    return {} if file.seconds is None else {"duration_sec": round(file.seconds)}


def _music(submission: Submission) -> dict[str, Any]:
    found = [given(submission, recipient).get("music_url") for recipient in submission.recipients]
    return {"music_url": found[0]} if found[0] else {}


def _settings(submission: Submission, hosted: Set[str]) -> dict[str, Any]:
    settings = dict(by_platform(submission, hosted))
    if any(recipient.remote_id in hosted for recipient in submission.recipients):
        settings.pop(Platform.TIKTOK, None)  # refused for accounts that Genviral hosts
    top = {str(name): settings.pop(name) for name in TOP_LEVEL if name in settings}
    inner = {str(name): value for name, value in settings.items()}
    return top | ({"settings": inner} if inner else {})
