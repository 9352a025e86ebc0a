"""The shapes of the simulated WAHDX's answers (seed 002)."""

import base64
from collections.abc import Sequence
from typing import Any

from sandbox.services.shelf import Post
from sandbox.services.wahdx.accounts import Account
from sandbox.services.wahdx.logins import HOLDS, Login


def accounts(linked: Sequence[Account], plan: str) -> dict[str, Any]:
    """All linked accounts."""
    data = [_listed(account) for account in linked]
    return {"success": True, "subscription": plan, "data": data}


def code(login: Login, image: bytes) -> dict[str, Any]:
    """A code to scan."""
    data = {
        "qrCodeImage": f"data:image/png;base64,{base64.b64encode(image).decode()}",
        "token": login.token,
        "unique_id": login.unique_id,
        "expiresIn": HOLDS,
    }
    return {"success": True, "data": data}


def creator_info(account: Account) -> dict[str, Any]:
    """What TikTok lets the account do; the fields are TikTok's, as WAHDX documents none."""
    data = {
        "creator_username": account.username,
        "creator_nickname": account.name,
        "privacy_level_options": account.privacy,
        "comment_disabled": False,
        "duet_disabled": False,
        "stitch_disabled": False,
        "max_video_post_duration_sec": 600,
    }
    return {"success": True, "accountId": account.id, "data": data}


def accepted(post: Post, account: Account) -> dict[str, Any]:
    """The answer to a post: begun on TikTok, complete elsewhere."""
    stored = [f"uploads/{name}" for name, _ in post.files]
    reply: dict[str, Any] = {
        "success": True,
        "accountId": account.id,
        "platform": account.platform,
        "status": "PUBLISH_INITIATED",
        "data": {"publish_id": post.id},
        "mediaType": post.kind,
        "mediaUrls": post.urls,
        "fileIds": stored,
    }
    if account.platform != "tiktok":
        reply["status"] = post.status
        reply["data"] |= {"id": post.id, "public_post_url": post.link}
        reply["public_post_url"] = post.link
    return reply


def status(post: Post, account: Account, media_type: str | None) -> dict[str, Any]:
    """The answer to one status question, TikTok's own object inside."""
    data = progress(post, account, media_type)
    if post.public_id and account.platform == "tiktok":
        data["data"] = {"publicaly_available_post_id": [post.public_id]}
    return {"success": True, "accountId": account.id, "platform": account.platform, "data": data}


def batch(results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The answer to many status questions, in a list and by account."""
    grouped: dict[str, list[Any]] = {}
    for result in results:
        if result["success"]:
            grouped.setdefault(result["accountId"], []).append(result)
    return {"success": True, "data": {"results": results, "byAccountId": grouped}}


def progress(post: Post, account: Account, media_type: str | None) -> dict[str, Any]:
    """The state of a post; without a media type TikTok's has candidates instead of one address."""
    progress: dict[str, Any] = {
        "publish_id": post.id,
        "platform": account.platform,
        "status": post.status,
        "public_post_url": post.link or None,
    }
    if post.fail_reason:
        progress["fail_reason"] = post.fail_reason
    if account.platform == "tiktok" and not media_type and post.link:
        progress["public_post_url"] = None
        base, _, number = post.link.rsplit("/", 2)
        progress["public_post_url_candidates"] = {
            kind: f"{base}/{kind}/{number}" for kind in ("video", "photo")
        }
    return progress


def _listed(account: Account) -> dict[str, Any]:
    return {
        "accountId": account.id,
        "platform": account.platform,
        "display_name": account.name,
        "username": account.username,
        "avatar_url": None,
        "bio_description": "A sample account of the sandbox",
        "status": account.status,
        "followers": account.followers,
        "following": 210,
        "likes": None,
        "videos": None,
        "is_verified": None,
    }
