"""What the simulated OpenShorts refuses, in the words of the real server."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

from pydantic import BaseModel, ValidationError

from sandbox.services.openshorts.footage import seconds

MAX_BYTES = 2048 << 20
SHORTEST = 45  # seconds of a video that clips can be cut from
MOST_CLIPS = 15
FORMATS = ("vertical", "horizontal", "square", "auto")


class RefusedError(Exception):
    """A no, with its HTTP status and what stands under `detail`."""

    def __init__(self, status: int, detail: Any) -> None:
        super().__init__(str(detail))
        self.status = status
        self.detail = detail


class PostRequest(BaseModel):
    """The body of `POST /api/social/post`; fields it does not know are ignored."""

    job_id: str
    clip_index: int
    platforms: list[str]
    api_key: str | None = None
    user_id: str | None = None
    title: str | None = None
    description: str | None = None
    scheduled_date: str | None = None
    timezone: str | None = "UTC"


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """An order for clips that may begin; `url` is empty where a file came."""

    url: str
    count: int
    takes_low_quality: bool


def post_request(body: Any) -> PostRequest:
    """Read the body of a post; what does not fit is listed field by field, with 422."""
    try:
        return PostRequest.model_validate(body, from_attributes=True)
    except ValidationError as error:
        items = error.errors(include_url=False)
        raise RefusedError(
            422, [{**item, "loc": ["body", *item["loc"]]} for item in items]
        ) from error


def order(fields: Mapping[str, Any], gemini_key: str, *, has_file: bool) -> Order:
    """Read an order for clips."""
    if not gemini_key:
        raise RefusedError(400, "Missing X-Gemini-Key header")
    if not _is_true(fields.get("acknowledged")):
        raise RefusedError(
            400, "You must confirm you own the content or have rights to process it."
        )
    url = str(fields.get("url") or "")
    if not url and not has_file:
        raise RefusedError(400, "Must provide URL or File")
    _check_lengths(fields)
    if fields.get("output_format", "auto") not in FORMATS:
        raise RefusedError(400, f"output_format must be one of {', '.join(FORMATS)}")
    return Order(
        url=url,
        count=_number(fields, "target_clips", 1, MOST_CLIPS) or 3,
        takes_low_quality=_is_true(fields.get("force_low_quality")),
    )


def check_length(file: IO[bytes]) -> str:
    """Why a job with this file will fail, or nothing; refuses one that is too short."""
    length = seconds(file)
    if length is None:
        return "FFmpegError: the file holds no video"
    if length < SHORTEST:
        raise RefusedError(
            400, f"Video is too short ({length:.0f}s). The minimum is {SHORTEST} seconds."
        )
    return ""


def _check_lengths(fields: Mapping[str, Any]) -> None:
    shortest = _number(fields, "clip_min_seconds", 1, 600)
    longest = _number(fields, "clip_max_seconds", 1, 600)
    if shortest and longest and shortest > longest:
        raise RefusedError(400, "clip_min_seconds must not exceed clip_max_seconds")


def _number(fields: Mapping[str, Any], name: str, least: int, most: int) -> int | None:
    given = fields.get(name)
    if given is None or given == "":
        return None
    if not str(given).isdigit() or not least <= int(given) <= most:
        raise RefusedError(400, f"{name} must be between {least} and {most}")
    return int(given)


def _is_true(value: Any) -> bool:
    return str(value).lower() in ("true", "1", "yes", "on")
