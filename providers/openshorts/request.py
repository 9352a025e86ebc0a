"""What is sent to an OpenShorts server: the body of a post, and an order for clips (seed 001)."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from bot.domain.clip import ClipRef
from bot.domain.options import Value, values
from bot.domain.platform import Kind
from bot.errors import ContentRejectedError
from providers.clips import ClipOrder
from providers.openshorts.options import CLIP_OPTIONS
from providers.submission import Submission


def clip_of(submission: Submission) -> ClipRef:
    """The clip that is meant. Raises ContentRejectedError for what OpenShorts would mistake."""
    clip = submission.clip
    if submission.kind is not Kind.CLIP or clip is None:
        raise ContentRejectedError(
            "OpenShorts publishes the clips it has cut, and nothing else.",
            remedy="Write the post from a clip.",
        )
    if clip.index < 0:  # OpenShorts would count from the end
        raise ContentRejectedError(
            f"There is no clip number {clip.index}.", remedy="Choose a clip of the list."
        )
    return clip


def post_body(submission: Submission, key: str, profile: str) -> dict[str, Any]:
    """The body of `POST /api/social/post`; without a key the server uses its own."""
    clip = clip_of(submission)
    return {
        "job_id": clip.project_id,
        "clip_index": clip.index,
        **({"api_key": key} if key else {}),
        "user_id": profile,
        "platforms": [str(recipient.platform) for recipient in submission.recipients],
        **({"title": submission.title} if submission.title else {}),
        **({"description": submission.caption} if submission.caption else {}),
        **_schedule(submission),
    }


def order_fields(order: ClipOrder) -> dict[str, Value]:
    """The options of an order, with the agreement that OpenShorts demands."""
    chosen = values(CLIP_OPTIONS, order.options, Kind.CLIP)
    layouts = chosen.get("layouts")
    if isinstance(layouts, list):
        chosen["layouts"] = ",".join(layouts)
    return {"acknowledged": order.agreed, **chosen}


def as_form(fields: Mapping[str, Value]) -> list[tuple[str, str]]:
    """The same as fields of a form, where everything is text."""
    return [(name, _text(value)) for name, value in fields.items()]


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _schedule(submission: Submission) -> dict[str, str]:
    if submission.at is None:
        return {}
    # Upload-Post reads the time in the zone, so one that ends in Z beside a zone is ambiguous.
    moment = submission.at.astimezone(UTC).replace(tzinfo=None)
    return {"scheduled_date": moment.isoformat(timespec="seconds"), "timezone": "UTC"}
