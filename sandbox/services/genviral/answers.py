"""The shapes of the simulated Genviral's answers (its pages on accounts, posts and files)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from aiohttp import web

from sandbox.services.genviral.accounts import ACCOUNTS, OWNER, WORKSPACE
from sandbox.services.genviral.rules import kind_of
from sandbox.services.genviral.store import File, Post


def envelope(message: str, data: dict[str, Any], code: int = 200) -> web.Response:
    """An answer that says yes."""
    body = {"ok": True, "code": code, "message": message, "data": data}
    return web.json_response(body, status=code)


def accounts() -> dict[str, Any]:
    """The accounts in the scope of the key."""
    return {
        "scope": "workspace",
        "owner_user_id": OWNER,
        "workspace_id": WORKSPACE,
        "accounts": [account.listed() for account in ACCOUNTS],
    }


def subscription() -> dict[str, Any]:
    """The plan of the workspace."""
    return {
        "scope": "workspace",
        "workspace_id": WORKSPACE,
        "subscription": {
            "status": "active",
            "tier": "medium",
            "billing_interval": "month",
            "renews_at": None,
            "credits": {"limit": 0, "used_this_period": 0, "remaining": 0, "reset_at": None},
        },
    }


def saved(post: Post, *, duplicate: bool = False) -> dict[str, Any]:
    """What create and update tell of a post."""
    told: dict[str, Any] = {
        "id": post.id,
        "status": post.status,
        "scheduled_at": post.scheduled_at,
        "warnings": _warnings(post),
    }
    return told | ({"duplicate": True} if duplicate else {})


def post(found: Post) -> dict[str, Any]:
    """All there is to tell of a post."""
    return {
        "id": found.id,
        "caption": found.body["caption"],
        "status": found.status,
        "scheduled_at": found.scheduled_at,
        "created_at": found.created_at,
        "media": found.body.get("media"),
        "music_url": found.body.get("music_url"),
        "tiktok": found.body.get("tiktok"),
        "pinterest": found.body.get("pinterest"),
        "accounts": {
            "total": len(found.states),
            "states": [asdict(state) for state in found.states],
        },
    }


def posts(shown: Sequence[Post], everything: Sequence[Post]) -> dict[str, Any]:
    """A list of posts with a summary of all."""
    counts = Counter(item.status for item in everything)
    return {
        "summary": {
            "total": len(everything),
            "pending": counts["pending"] + counts["scheduled"],
            "published": counts["posted"],
            "by_status": dict(counts),
        },
        "posts": [post(item) for item in shown],
    }


def file(found: File, origin: str) -> dict[str, Any]:
    """A file that was uploaded."""
    return {
        "id": found.id,
        "url": f"{origin}/cdn/{found.name}",
        "contentType": found.content_type,
        "filename": found.filename,
        "size": found.size,
        "createdAt": found.created_at,
    }


def _warnings(found: Post) -> list[dict[str, str]]:
    if kind_of(found.body) != "video" or "duration_sec" in found.body["media"]:
        return []
    return [
        {
            "field": "media",
            "message": "Video duration metadata is missing",
            "code": "VIDEO_METADATA_MISSING",
        }
    ]
