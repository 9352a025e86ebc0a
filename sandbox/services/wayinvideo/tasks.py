"""What the simulated WayinVideo takes as a publishing task (seed 000)."""

from typing import Any

from sandbox.services.wayinvideo.refusals import (
    LIST,
    NUMBER,
    OBJECT,
    OPTIONAL_NUMBER,
    OPTIONAL_TEXT,
    SWITCH,
    TEXT,
    RefusedError,
    fields_of,
    one_of,
)

_LEAD, _HORIZON = 5 * 60, 30 * 86_400  # seconds
_TIKTOK_ONLY = ("allow_duet", "allow_stitch", "disclose_content")
_TASK: dict[str, tuple[type, ...]] = {
    "project_id": TEXT,
    "idx": NUMBER,
    "resolution": OPTIONAL_TEXT,
    "publish_configs": OBJECT,
    "scheduled_at": OPTIONAL_NUMBER,
}
_CONFIG: dict[str, tuple[type, ...]] = {
    "title": TEXT,
    "description": TEXT,
    "tags": LIST,
    "visibility": TEXT,
    "thumbnail_url": TEXT,
    "category": TEXT,
    "allow_comment": SWITCH,
    **dict.fromkeys(_TIKTOK_ONLY, SWITCH),
}
_NEEDED = {"youtube": "title", "tiktok": "description"}


def task_of(body: Any) -> dict[str, Any]:
    """The fields of a task."""
    return fields_of(body, _TASK, "project_id", "idx", "publish_configs")


def due_of(scheduled_at: int | None, now: float) -> float | None:
    """When a task is to be carried out, in seconds; None for at once."""
    if scheduled_at is None:
        return None
    due = scheduled_at / 1000
    if not _LEAD <= due - now <= _HORIZON:
        raise RefusedError(400, "scheduled_at must be 5 minutes to 30 days in the future")
    return due


def config_of(config: Any, account: dict[str, Any]) -> dict[str, Any]:
    """The fields of an account's publish config."""
    platform = account["platform"]
    needed = [_NEEDED[platform]] if platform in _NEEDED else []
    fields = fields_of(config, _CONFIG, *needed)
    one_of(fields, "visibility", "public", "private", "unlisted")
    if not all(isinstance(tag, str) for tag in fields.get("tags", [])):
        raise RefusedError(400, "tags must hold texts")
    for name in _TIKTOK_ONLY:
        if name in fields and platform != "tiktok":
            raise RefusedError(400, f"{name} is for TikTok only")
    return fields
