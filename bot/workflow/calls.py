"""What a provider is told: submissions, and questions about what it accepted."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.delivery import Delivery
from bot.domain.post import Post
from bot.domain.times import Timing
from providers.submission import CoverFile, MediaFile, Recipient, Submission, Submitted


def submission(
    post: Post,
    deliveries: Sequence[Delivery],
    *,
    key: str,
    media: Sequence[MediaFile] = (),
    cover: CoverFile | None = None,
    at: datetime | None = None,
) -> Submission:
    """One call for deliveries of a post that go out with one text; without media it only serves to
    look for an earlier one.

    `at` (UTC) is the time the service is told; None publishes at once.
    """
    content = post.content
    caption, title = content.text_for(deliveries[0].target.account_id)
    return Submission(
        key=key,
        caption=caption,
        title=title,
        kind=content.kind,
        media=tuple(media),
        recipients=tuple(recipient(delivery) for delivery in deliveries),
        at=at,
        clip=content.clip.ref if content.clip else None,
        cover=cover,
    )


def recipient(delivery: Delivery) -> Recipient:
    """A delivery as the provider is told of it."""
    return Recipient(
        remote_id=delivery.target.remote_id,
        platform=delivery.target.platform,
        options=delivery.target.options,
    )


def question(delivery: Delivery, post: Post) -> Submitted:
    """What a provider is asked about a delivery it accepted."""
    return Submitted(
        account_remote_id=delivery.target.remote_id,
        remote_id=delivery.remote_id,
        platform=delivery.target.platform,
        kind=post.content.kind,
        at=delivery.due_at if delivery.timing is Timing.SERVICE else None,
    )
