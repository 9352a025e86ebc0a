"""The feed of the simulated WayinVideo: what its accounts published."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sandbox.services.base import FeedAccount, FeedMedia, FeedPost, shown_cover
from sandbox.services.shelf import Post


def feed_of(
    service: str, accounts: Sequence[dict[str, Any]], posts: Sequence[Post]
) -> list[FeedAccount]:
    """The accounts with their posts, in the order given."""
    times = Counter(post.content for post in posts if post.status != "ERROR")
    return [
        FeedAccount(
            id=account["id"],
            platform=account["platform"],
            name=account["platform_username"],
            username=account["platform_username"],
            posts=[
                _shown(service, post, times[post.content])
                for post in posts
                if post.account_id == account["id"]
            ],
        )
        for account in accounts
    ]


def _shown(service: str, post: Post, times: int) -> FeedPost:
    return FeedPost(
        id=post.id,
        at=post.at,
        text=post.text,
        title=post.title,
        media=[
            FeedMedia(url=f"/out-there/{service}/media/{name}", type=content_type)
            for name, content_type in post.files
        ],
        visibility=post.visibility,
        status=post.status,
        link=post.link,
        times=times,
        cover=shown_cover(post.cover, service),
    )
