"""Upload-Post's own records, its schedule and its history, and a lost call sought in them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast

from pydantic import Field, ValidationError, field_validator

from bot.domain.delivery import DeliveryState
from bot.domain.platform import Platform
from providers.submission import Receipt
from providers.upload_post_api.names import UploadRef, platform_of
from providers.upload_post_api.results import Outcome, Wire

SLACK = timedelta(minutes=1)
"""How far clocks may differ, and a scheduled time be rounded."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lost:
    """A call whose answer was lost: what the records would show of it. Times are UTC.

    `texts` are the title and captions it carried, `drafts` the platforms where it only goes to
    the creator's drafts; `request_id` is the one sent along, empty where none was.
    """

    profile: str
    platforms: tuple[Platform, ...]
    texts: frozenset[str]
    tried_at: datetime
    at: datetime | None = None
    request_id: str = ""
    drafts: frozenset[Platform] = field(default_factory=frozenset[Platform])

    def ref(self, kind: str, name: str, platform: Platform) -> UploadRef:
        """The submission, now that its name is known."""
        return UploadRef("job" if kind == "job" else "request", name, platform in self.drafts)

    def says_the_same(self, texts: set[str]) -> bool:
        """Whether a record carries a text of the call."""
        return bool(texts & {text.strip() for text in self.texts})


class HistoryItem(Outcome):
    """One publication in the upload history."""

    profile_username: str = ""
    request_id: str | None = None
    job_id: str | None = None
    upload_timestamp: datetime | None = None
    post_title: str | None = None
    post_caption: str | None = None

    @field_validator("upload_timestamp", mode="after")
    @classmethod
    def _in_utc(cls, value: datetime | None) -> datetime | None:
        return _utc(value) if value else None

    def is_of(self, lost: Lost) -> bool:
        """Whether it may be the lost call's: after it, from its profile, with its text or id."""
        if lost.request_id and self.request_id == lost.request_id:
            return True
        when = self.upload_timestamp
        texts = {text.strip() for text in (self.post_title, self.post_caption) if text}
        return (
            self.profile_username == lost.profile
            and lost.says_the_same(texts)
            and (when is None or when >= lost.tried_at - SLACK)
        )

    def receipt(self, lost: Lost, platform: Platform) -> Receipt:
        """What it says of the delivery."""
        kind, name = ("job", self.job_id) if self.job_id else ("request", self.request_id or "")
        ref = lost.ref(kind, name, platform)
        remote_id = str(ref) if name else ""
        if self.success is None:
            return Receipt(state=DeliveryState.SUBMITTED, remote_id=remote_id)
        if not self.success:
            return self.failed(remote_id)
        return self.done(ref.draft, remote_id)


class History(Wire):
    """The answer of `GET /uploadposts/history`, newest first; `in_progress` is not out yet."""

    history: list[Any]
    in_progress: list[Any] | None = None

    def items(self) -> list[HistoryItem]:
        """The entries that can be read, those in progress first, without a result."""
        waiting = [item | {"success": None} for item in _objects(self.in_progress)]
        return _readable(HistoryItem, waiting + _objects(self.history))

    def reaches_back_to(self, moment: datetime) -> bool:
        """Whether nothing older than a moment can be on a further page."""
        times = [item.upload_timestamp for item in _readable(HistoryItem, self.history)]
        return not times or any(when and when < moment - SLACK for when in times)


class ScheduledPost(Wire):
    """A post that waits for its time."""

    job_id: str = Field(min_length=1)
    scheduled_date: datetime
    profile_username: str = ""
    title: str | None = None
    caption: str | None = None
    platforms: list[str] | None = None

    @field_validator("scheduled_date", mode="after")
    @classmethod
    def _in_utc(cls, value: datetime) -> datetime:
        return _utc(value)

    def is_of(self, lost: Lost) -> bool:
        """Whether it may be the lost call's: its time, its profile, its text."""
        texts = {text.strip() for text in (self.title, self.caption) if text}
        return (
            lost.at is not None
            and abs(self.scheduled_date - lost.at) <= SLACK
            and self.profile_username == lost.profile
            and lost.says_the_same(texts)
        )

    def is_for(self, platform: Platform) -> bool:
        """Whether it goes to a platform; one that names none goes to all it was sent for."""
        return not self.platforms or platform in map(platform_of, self.platforms)


def scheduled_posts(data: Any) -> list[ScheduledPost] | None:
    """The schedule, documented as a list, seen as an object around one; None when it is neither."""
    listed = cast("dict[str, Any]", data).get("scheduled_posts") if isinstance(data, dict) else data
    if not isinstance(listed, list):
        return None
    return _readable(ScheduledPost, cast("list[Any]", listed))


def in_schedule(posts: Sequence[ScheduledPost], lost: Lost) -> dict[Platform, Receipt]:
    """The platforms of a lost call that wait in the schedule."""
    return {
        platform: Receipt(
            state=DeliveryState.SCHEDULED_AT_PROVIDER,
            remote_id=str(lost.ref("job", post.job_id, platform)),
        )
        for post in reversed(posts)
        if post.is_of(lost)
        for platform in lost.platforms
        if post.is_for(platform)
    }


def in_history(items: Sequence[HistoryItem], lost: Lost) -> dict[Platform, Receipt]:
    """The platforms of a lost call that the history tells of; a success outweighs a failure."""
    found: dict[Platform, Receipt] = {}
    for item in sorted(items, key=lambda item: item.success is True):
        platform = platform_of(item.platform)
        if platform and platform in lost.platforms and item.is_of(lost):
            found[platform] = item.receipt(lost, platform)
    return found


_Model = TypeVar("_Model", bound=Wire)


def _readable(model: type[_Model], items: Sequence[Any]) -> list[_Model]:
    """The items that can be read, so that one cannot spoil all."""
    found: list[_Model] = []
    for item in items:
        try:
            found.append(model.model_validate(item))
        except ValidationError:
            continue
    return found


def _objects(items: Sequence[Any] | None) -> list[dict[str, Any]]:
    return [cast("dict[str, Any]", item) for item in items or () if isinstance(item, dict)]


def _utc(value: datetime) -> datetime:
    # Upload-Post's times are UTC where they name no zone.
    return value if value.tzinfo else value.replace(tzinfo=UTC)
