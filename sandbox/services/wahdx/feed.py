"""What the platforms behind the simulated WAHDX show."""

from collections import Counter
from collections.abc import Sequence

from sandbox.services.base import FeedAccount, FeedMedia, FeedPost, shown_cover
from sandbox.services.shelf import Post
from sandbox.services.wahdx.accounts import Account


def feed_of(accounts: Sequence[Account], posts: Sequence[Post], service: str) -> list[FeedAccount]:
    """What was published, account by account, newest first; `posts` come oldest first."""
    times = Counter(post.content for post in posts if post.status != "FAILED")
    return [
        FeedAccount(
            id=account.id,
            platform=account.platform,
            name=account.name,
            username=account.username,
            posts=[
                _shown(post, times[post.content], service)
                for post in reversed(posts)
                if post.account_id == account.id
            ],
        )
        for account in accounts
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
