"""What `GET /posts` shows (its page List Posts): by status, by time, newest first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from aiohttp import web

from sandbox.services.genviral import answers
from sandbox.services.genviral.refusals import RefusedError
from sandbox.services.genviral.store import Post
from sandbox.services.genviral.uploads import whole

_STATUSES = ("draft", "pending", "scheduled", "posted", "failed", "partial", "retry")


def posts(request: web.Request, everything: Sequence[Post]) -> dict[str, Any]:
    """The posts a query asks for, with a summary of all."""
    status = request.query.get("status")
    if status is not None and status not in _STATUSES:
        raise _wrong("status")
    since, until = _moment(request, "since"), _moment(request, "until")
    found = [
        post
        for post in everything[::-1]
        if status in (None, post.status) and _is_within(post, since, until)
    ]
    return answers.posts(found[: whole(request, "limit", 50, 1, 100)], everything)


def _is_within(post: Post, since: datetime | None, until: datetime | None) -> bool:
    at = datetime.fromisoformat(post.scheduled_at)
    return (since is None or at >= since) and (until is None or at <= until)


def _moment(request: web.Request, name: str) -> datetime | None:
    told = request.query.get(name)
    if told is None:
        return None
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        raise _wrong(name) from None
    if at.tzinfo is None:
        raise _wrong(name)
    return at


def _wrong(name: str) -> RefusedError:
    return RefusedError(400, "invalid_query_parameter", f"{name} is not valid")
