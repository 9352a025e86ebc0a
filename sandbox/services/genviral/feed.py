"""What a visitor sees of the simulated Genviral: each account with its publications."""

import json
from collections import Counter
from collections.abc import Sequence

from sandbox.services.base import FeedAccount, FeedMedia, FeedPost, shown_cover
from sandbox.services.genviral.accounts import ACCOUNTS, Account
from sandbox.services.genviral.queue import is_draft
from sandbox.services.genviral.settings_rules import part, stored
from sandbox.services.genviral.store import Post, State


def accounts(posts: Sequence[Post], service: str) -> list[FeedAccount]:
    """All accounts, each with its posts, newest first."""
    shown = [(post, state) for post in posts[::-1] for state in post.states]
    times = Counter(_content(post, state) for post, state in shown if state.status != "failed")
    return [
        FeedAccount(
            id=account.id,
            platform=account.platform,
            name=account.name,
            username=account.username,
            posts=[
                _shown(post, state, account, service, times[_content(post, state)])
                for post, state in shown
                if state.account_id == account.id
            ],
        )
        for account in ACCOUNTS
    ]


def _shown(post: Post, state: State, account: Account, service: str, times: int) -> FeedPost:
    return FeedPost(
        id=post.id,
        at=state.published_at or post.scheduled_at,
        text=post.body["caption"],
        title=_title(post, account),
        media=[
            FeedMedia(url=f"/out-there/{service}/media/{name}", type=content_type)
            for name, content_type in post.files
        ],
        visibility=_visibility(post, account),
        status="draft in inbox" if state.published_at and is_draft(post, account) else state.status,
        link=state.published_url or "",
        times=times,
        cover=shown_cover(_cover(post, account), service),
    )


def _content(post: Post, state: State) -> str:
    """What makes two publications the same to a reader: account, text and media."""
    names = [name for name, _ in post.files]
    return json.dumps([state.account_id, post.body["caption"], names])


def _title(post: Post, account: Account) -> str:
    top = part(post.body, account.platform)
    return top.get("title") or stored(post.body).get(account.platform, {}).get("title", "")


def _cover(post: Post, account: Account) -> str:
    """A picture on the shelf, or a moment; a picture goes before it (seed 003)."""
    settings = stored(post.body).get(account.platform, {}) | part(post.body, account.platform)
    address = settings.get("cover_url") or settings.get("thumbnail", {}).get("path", "")
    moments = ("thumb_offset_ms", "video_cover_timestamp_ms")
    at = next((settings[name] for name in moments if name in settings), None)
    return post.covers.get(address, "" if at is None else f"{at} ms")


def _visibility(post: Post, account: Account) -> str:
    if account.platform == "tiktok":
        return part(post.body, "tiktok").get("privacy_level", "PUBLIC_TO_EVERYONE")
    settings = stored(post.body).get("youtube", {})
    is_video = account.platform == "youtube"
    return settings.get("type", settings.get("privacy", "public")) if is_video else "public"
