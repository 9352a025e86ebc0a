"""Values of the domain with sensible defaults, one function each."""

from typing import Any

from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.media import Media
from bot.domain.platform import Platform
from bot.domain.post import Post, PostState, Revision, Target
from tests.scripted import START

SERVER, CHANNEL, AUTHOR, APPROVER, CARD = 10**18, 11, 12, 13, 14
ROLE = 15  # of approvers


def a_media(name: str = "photo.jpg", content_type: str = "image/jpeg", **changes: Any) -> Media:
    """Make a small photo."""
    values = {"sha256": "ab" * 32, "content_type": content_type, "size": 1000, "filename": name}
    return Media(**(values | changes))


def a_video(**changes: Any) -> Media:
    """Make a small video of 10 seconds."""
    measured = {"width": 1080, "height": 1920, "seconds": 10.0, "frame_rate": 30.0, "codec": "h264"}
    return a_media("clip.mp4", "video/mp4", **(measured | changes))


def a_target(account_id: int = 1, **changes: Any) -> Target:
    """Make a target on Threads."""
    values: dict[str, Any] = {
        "account_id": account_id,
        "connection_id": 1,
        "provider": "wahdx",
        "remote_id": f"account-{account_id}",
        "platform": Platform.THREADS,
        "name": "Talk",
    }
    return Target(**(values | changes))


def a_revision(**changes: Any) -> Revision:
    """Make a text for one account, to go out at once."""
    values: dict[str, Any] = {
        "number": 1,
        "caption": "Hello",
        "title": "",
        "media": (),
        "targets": (a_target(),),
        "due_at": None,
        "when_text": "now",
        "zone": "UTC",
    }
    return Revision(**(values | changes))


def a_post(state: PostState = PostState.DRAFT, **changes: Any) -> Post:
    """Make a post."""
    values: dict[str, Any] = {
        "id": 1,
        "server_id": SERVER,
        "channel_id": CHANNEL,
        "author_id": AUTHOR,
        "state": state,
        "content": a_revision(),
        "created_at": START,
    }
    return Post(**(values | changes))


def a_delivery(state: DeliveryState = DeliveryState.WAITING, **changes: Any) -> Delivery:
    """Make a delivery."""
    values: dict[str, Any] = {
        "id": 1,
        "post_id": 1,
        "server_id": SERVER,
        "target": a_target(),
        "state": state,
        "due_at": START,
        "content_hash": a_revision().digest(),
    }
    return Delivery(**(values | changes))
