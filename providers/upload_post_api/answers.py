"""What Upload-Post answers to an upload and to a question about one (docs.upload-post.com)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

from pydantic import AliasChoices, Field, ValidationError

from bot.domain.delivery import DeliveryState
from bot.domain.platform import Platform
from providers.submission import Receipt
from providers.upload_post_api.names import UploadRef
from providers.upload_post_api.results import Result, Wire, result_of


class UploadAnswer(Wire):
    """The answer to an upload: results at once, a request under way, or a scheduled job."""

    success: bool | None = None
    request_id: str | None = Field(
        default=None, validation_alias=AliasChoices("request_id", "uploadId")
    )
    job_id: str | None = None
    results: Any = None

    def receipts(
        self,
        asked: Sequence[tuple[Platform, bool]],
        at: datetime | None = None,
        *,
        request_id: str = "",
    ) -> list[Receipt]:
        """One receipt per platform asked for, each with whether it goes to the drafts; empty when
        the answer leaves one of them without a result and without a name to ask for it by.

        Results may come without a name; the `request_id` that was sent along is theirs.
        """
        results = _results(self.results)
        is_job = bool(self.job_id) and (at is not None or not self.request_id)
        name = self.job_id if is_job else self.request_id or (request_id if results else "")
        ref = UploadRef("job" if is_job else "request", name or "")
        found = [(result_of(results, platform), draft) for platform, draft in asked]
        if not ref.id and not all(result for result, _ in found):
            return []
        return [_receipt(result, replace(ref, draft=draft)) for result, draft in found]


class StatusAnswer(Wire):
    """The answer of `GET /uploadposts/status`."""

    status: str
    results: Any = None
    job_id: str | None = None

    def receipt(self, platform: Platform, ref: UploadRef, at: datetime | None = None) -> Receipt:
        """What this means for one platform; the word over all of them decides only where the
        platform has no result of its own.
        """
        word = self.status.lower()
        if found := result_of(_results(self.results), platform):
            return found.receipt(ref.draft, str(ref), under_way=word not in ("completed", "failed"))
        if word == "failed":
            return Receipt(
                state=DeliveryState.FAILED,
                remote_id=str(ref),
                reason="Upload-Post gave it up: no result was recorded for over an hour.",
                remedy="Look at the account; if it is not there, publish again.",
            )
        waits = word == "pending" and at is not None and at > datetime.now(UTC)
        known = {"pending", "queued", "processing", "in_progress"}
        return Receipt(
            state=DeliveryState.SCHEDULED_AT_PROVIDER if waits else DeliveryState.SUBMITTED,
            remote_id=str(ref),
            reason="" if word in known else f"Upload-Post says {self.status}.",
        )


def _receipt(result: Result | None, ref: UploadRef) -> Receipt:
    remote_id = str(ref) if ref.id else ""
    if result:
        return result.receipt(ref.draft, remote_id)
    is_job = ref.kind == "job"
    state = DeliveryState.SCHEDULED_AT_PROVIDER if is_job else DeliveryState.SUBMITTED
    return Receipt(state=state, remote_id=remote_id)


def _results(value: Any) -> list[Result]:
    """The results of all platforms, given as a list or by platform; unreadable ones are left out."""
    if isinstance(value, dict):
        named = cast("Mapping[str, Any]", value).items()
        value = [{"platform": name, **item} for name, item in named if isinstance(item, dict)]
    found: list[Result] = []
    for item in cast("list[Any]", value) if isinstance(value, list) else []:
        try:
            found.append(Result.model_validate(item))
        except ValidationError:
            continue
    return found
