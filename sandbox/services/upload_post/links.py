"""Where a simulated publication stands: an address of its platform's form."""

from sandbox.services.upload_post.store import Upload


def link(platform: str, upload: Upload, number: str) -> str:
    """The public address of a publication."""
    user = handle(upload.profile)
    kind = "photo" if upload.kind == "photo" else "video"
    subreddit = upload.value("subreddit")
    return {
        "tiktok": f"https://www.tiktok.com/@{user}/{kind}/{number}",
        "instagram": f"https://www.instagram.com/p/{number}/",
        "youtube": f"https://www.youtube.com/watch?v={number}",
        "facebook": f"https://www.facebook.com/{user}/posts/{number}",
        "threads": f"https://www.threads.net/@{user}/post/{number}",
        "x": f"https://x.com/{user}/status/{number}",
        "linkedin": f"https://www.linkedin.com/feed/update/urn:li:share:{number}/",
        "pinterest": f"https://www.pinterest.com/pin/{number}/",
        "bluesky": f"https://bsky.app/profile/{user}/post/{number}",
        "reddit": f"https://www.reddit.com/r/{subreddit}/comments/{number}/",
    }[platform]


def handle(profile: str) -> str:
    """The handle a profile has everywhere."""
    return f"{profile}.coffee.example"
