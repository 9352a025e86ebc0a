"""What the simulated WayinVideo takes as an order for clips (WayinVideo's documentation)."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sandbox.services.wayinvideo.refusals import (
    OPTIONAL_NUMBER,
    OPTIONAL_TEXT,
    SWITCH,
    TEXT,
    RefusedError,
    fields_of,
    one_of,
)
from sandbox.services.wayinvideo.uploads import Uploads

SOURCES = (
    "youtube.com", "youtu.be", "vimeo.com", "dailymotion.com", "kick.com", "twitch.tv",
    "tiktok.com", "facebook.com", "zoom.us", "rumble.com",
)  # fmt: skip

_ENTERPRISE = ("enable_more_results", "enable_express_mode")
_FIELDS: dict[str, tuple[type, ...]] = {
    "video_url": TEXT,
    "project_name": TEXT,
    "source_lang": OPTIONAL_TEXT,
    "target_lang": OPTIONAL_TEXT,
    "limit": OPTIONAL_NUMBER,
    "enable_export": SWITCH,
    "resolution": TEXT,
    "enable_caption": SWITCH,
    "caption_display": TEXT,
    "cc_style_tpl": TEXT,
    "enable_ai_hook": SWITCH,
    "ai_hook_script_style": TEXT,
    "ai_hook_position": TEXT,
    "enable_ai_reframe": SWITCH,
    "ratio": TEXT,
    "reframe_layout": TEXT,
    **dict.fromkeys(_ENTERPRISE, SWITCH),
}
_STYLES = (
    "serious", "casual", "informative", "conversational", "humorous", "parody", "inspirational",
    "dramatic", "empathetic", "persuasive", "neutral", "excited", "calm",
)  # fmt: skip
_ANY = ("Auto", "Full", "Fit", "Grid 4", "Trio")
_UPRIGHT = (*_ANY, "Split 2", "PiP", "Screen First", "Gameplay A", "Gameplay B")
_LAYOUTS = {
    "RATIO_16_9": (*_ANY, "Split 2", "PiP", "OTS", "Screen First"),
    "RATIO_9_16": _UPRIGHT,
    "RATIO_1_1": _ANY,
    "RATIO_4_5": _UPRIGHT,
}
RESOLUTIONS = {
    "SD_480": "480p",
    "HD_720": "720p",
    "FHD_1080": "1080p",
    "QHD_2K": "1440p",
    "UHD_4K": "2160p",
}
"""How a resolution is spelled in an order, and when a clip is published."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """An order that was accepted; `error` is why it will fail."""

    name: str
    query: str
    exported: bool
    resolution: str
    limit: int | None
    error: str


def check(body: Any, uploads: Uploads, *, moments: bool) -> Order:
    """Read an order and refuse it as documented."""
    own: dict[str, tuple[type, ...]] = {"query" if moments else "target_duration": TEXT}
    fields = fields_of(body, _FIELDS | own, "video_url", *(["query"] if moments else []))
    _check_choices(fields)
    if any(fields.get(name) for name in _ENTERPRISE):
        raise RefusedError(403, "This needs the Enterprise plan")
    limit = fields.get("limit")
    if limit is not None and limit < 1:
        raise RefusedError(400, "limit must be at least 1")
    return Order(
        name=fields.get("project_name", ""),
        query=fields.get("query", ""),
        exported=fields.get("enable_export", False),
        resolution=RESOLUTIONS[fields.get("resolution", "SD_480")],
        limit=limit,
        error=_problem(fields["video_url"], uploads),
    )


def _check_choices(fields: dict[str, Any]) -> None:
    durations = ("0_30", "0_90", "30_60", "60_90", "90_180", "180_300")
    one_of(fields, "target_duration", *(f"DURATION_{name}" for name in durations))
    one_of(fields, "resolution", *RESOLUTIONS)
    one_of(fields, "caption_display", "both", "original", "translation")
    one_of(fields, "ai_hook_script_style", *_STYLES)
    one_of(fields, "ai_hook_position", "beginning", "end")
    one_of(fields, "ratio", *_LAYOUTS)
    if fields.get("enable_ai_reframe") and "ratio" not in fields:
        raise RefusedError(400, "ratio is required when enable_ai_reframe is true")
    if "ratio" in fields:
        one_of(fields, "reframe_layout", "", *_LAYOUTS[fields["ratio"]])


def _problem(video: str, uploads: Uploads) -> str:
    """Why clips cannot be made of a video; empty when they can."""
    if not video.startswith(("https://", "http://")):
        head = uploads.use(video)
        is_video = head[4:8] == b"ftyp" or head[8:12] == b"AVI " or head[:4] == b"\x1aE\xdf\xa3"
        return "" if is_video else "The file is not a video"
    host = urlsplit(video).hostname or ""
    known = any(host == source or host.endswith(f".{source}") for source in SOURCES)
    return "" if known else "This video source is not supported"
