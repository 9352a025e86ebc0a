"""What the platforms behind the simulated Upload-Post show."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sandbox.services.base import FeedAccount, FeedMedia, FeedPost, shown_cover
from sandbox.services.shelf import Post


def feed_of(profiles: Sequence[Any], posts: Sequence[Post], service: str) -> list[FeedAccount]:
    """What was published, account by account, newest first; `posts` come oldest first."""
    times = Counter(post.content for post in posts if post.status == "completed")
    return [
        FeedAccount(
            id=f"{profile['username']}/{platform}",
            platform=platform,
            name=account["display_name"],
            username=account["username"],
            posts=[
                _shown(post, times[post.content], service)
                for post in reversed(posts)
                if post.account_id == f"{profile['username']}/{platform}"
            ],
        )
        for profile in profiles
        for platform, account in profile["social_accounts"].items()
        if account
    ]


def _shown(post: Post, times: int, service: str) -> FeedPost:
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
