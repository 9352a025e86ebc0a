"""What is sent to WAHDX: the body of a post and the questions about posts (seed 002)."""

from collections.abc import Sequence
from typing import Any

from bot.domain.options import values
from bot.domain.platform import Kind, Platform
from providers.submission import Recipient, Submission, Submitted
from providers.wahdx.options import MOST_PUBLIC_FIRST, OPTIONS

_COVER_MS = 1000  # the default of seed 002; an older page of WAHDX says 0, so it is always sent
_MEDIA_TYPES = {Kind.VIDEO: "video", Kind.PHOTOS: "photo"}


def post_body(submission: Submission) -> dict[str, Any]:
    """The body of `POST /api/content/post`; WAHDX takes one account per call."""
    (recipient,) = submission.recipients
    body: dict[str, Any] = {
        "platform": str(recipient.platform),
        "accountId": recipient.remote_id,
        "content": submission.caption,
    }
    if submission.media:
        body["mediaItems"] = [{"url": item.url} for item in submission.media]
    if recipient.platform is Platform.TIKTOK:
        body["tiktokSettings"] = _tiktok_settings(submission, recipient)
        if submission.kind is Kind.PHOTOS and submission.title:
            body["photoTitle"] = submission.title
    if recipient.platform is Platform.INSTAGRAM and submission.kind is Kind.VIDEO:
        body["instagramSettings"] = {"share_to_feed": True} | _chosen(submission.kind, recipient)
    return body


def batch_body(submitted: Sequence[Submitted]) -> dict[str, Any]:
    """The body of `POST /api/content/status/batch` about posts by their publish ids."""
    return {
        "checks": [
            {"accountId": item.account_remote_id, "publishId": item.remote_id, **media_type(item)}
            for item in submitted
        ]
    }


def media_type(item: Submitted) -> dict[str, str]:
    """What makes TikTok's answer hold one address instead of candidates; others do not need it."""
    if item.platform is not Platform.TIKTOK or item.kind not in _MEDIA_TYPES:
        return {}
    return {"mediaType": _MEDIA_TYPES[item.kind]}


def _tiktok_settings(submission: Submission, recipient: Recipient) -> dict[str, Any]:
    kind = submission.kind
    chosen = _chosen(kind, recipient)
    return {
        # Without a privacy level WAHDX publishes for nobody but the creator, so it is always sent.
        "privacy_level": chosen.pop("visibility", MOST_PUBLIC_FIRST[0]),
        **({"media_type": "photo"} if kind is Kind.PHOTOS else {}),
        **({"video_cover_timestamp_ms": _cover(submission)} if kind is Kind.VIDEO else {}),
        **chosen,
    }


def _cover(submission: Submission) -> int:
    """The moment of the cover, in milliseconds; a picture from elsewhere is not taken."""
    at_ms = submission.cover.at_ms if submission.cover else None
    return _COVER_MS if at_ms is None else at_ms


def _chosen(kind: Kind, recipient: Recipient) -> dict[str, Any]:
    return dict(values(OPTIONS[recipient.platform], recipient.options, kind))
