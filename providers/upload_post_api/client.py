"""Upload-Post's API (docs.upload-post.com), for the services that stand on it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from bot.domain.delivery import DeliveryState
from bot.domain.options import Listed
from bot.errors import ContentRejectedError
from providers.answer import Answer
from providers.call import CHANGE
from providers.form import FormFile
from providers.http import ServiceClient, Transport
from providers.submission import Receipt, Submitted
from providers.upload_post_api import lists
from providers.upload_post_api.answers import UploadAnswer
from providers.upload_post_api.lookup import Records
from providers.upload_post_api.names import UploadRef, read_ref
from providers.upload_post_api.profiles import Profiles
from providers.upload_post_api.refusals import AbsentError, accepted, refusal

DEFAULT_URL = "https://api.upload-post.com/api"


class UploadPostApi:
    """One Upload-Post key. All methods raise errors of `bot.errors.ProviderError`.

    `profiles` lists and connects accounts; `records` reads the schedule and the history.
    """

    def __init__(
        self, key: str, *, base_url: str = DEFAULT_URL, transport: Transport | None = None
    ) -> None:
        key = key.strip()
        self._client = ServiceClient(
            "Upload-Post",
            base_url,
            headers={"Authorization": f"Apikey {key}"},
            secrets=[key],
            refusal=refusal,
            transport=transport,
        )
        self.profiles = Profiles(self._client)
        self.records = Records(self._client)

    async def values_of(self, remote_id: str, option: str) -> list[Listed]:
        """Read what an account has to choose from for an option, such as its boards."""
        return await lists.listed(self._client, remote_id, option)

    async def upload(
        self,
        path: str,
        fields: Sequence[tuple[str, str]],
        files: Sequence[FormFile] = (),
        *,
        key: str,
    ) -> Answer:
        """Send a form to `/upload`, `/upload_photos` or `/upload_text`; fit the answer to an
        UploadAnswer. The key collapses repetitions within 24 hours.
        """
        headers = {"Idempotency-Key": key}
        return accepted(await self._client.write_form(path, fields, files, headers=headers))

    async def status(self, submitted: Submitted) -> Receipt:
        """Read how far a submission is; a job that is gone before its time counts as cancelled."""
        ref = read_ref(submitted.remote_id)
        try:
            return await self.records.status(ref, submitted.platform, submitted.at)
        except AbsentError as error:
            is_early = submitted.at is not None and submitted.at > datetime.now(UTC)
            if ref.kind == "job" and is_early and not await self._is_scheduled(ref):
                return Receipt(
                    state=DeliveryState.CANCELLED,
                    remote_id=submitted.remote_id,
                    reason="It was taken off the schedule at Upload-Post.",
                )
            return _open(submitted, error.message)
        except ContentRejectedError as error:
            return _open(submitted, error.message)

    async def cancel(self, submitted: Submitted) -> Receipt:
        """Take a scheduled job back; when it is gone already, what the records say of it, or else
        `cancelled`.
        """
        try:
            _confirmed(accepted(await self._change(submitted, "DELETE")))
        except AbsentError:
            if found := await self._found(submitted):
                return found
        return Receipt(state=DeliveryState.CANCELLED, remote_id=submitted.remote_id)

    async def reschedule(self, submitted: Submitted, at: datetime) -> Receipt:
        """Move a scheduled job to another time (UTC)."""
        ref = read_ref(submitted.remote_id)
        try:
            answer = accepted(
                await self._change(
                    submitted, "PATCH", {"scheduled_date": moment(at), "timezone": "UTC"}
                )
            )
        except AbsentError:
            if found := await self._found(submitted):
                return found
            raise
        moved = UploadRef("job", _confirmed(answer).job_id or ref.id, ref.draft)
        return Receipt(state=DeliveryState.SCHEDULED_AT_PROVIDER, remote_id=str(moved))

    async def retry(self, submitted: Submitted) -> Receipt:
        """Publish again wherever the submission failed, which may be more than this account; when
        nothing failed (any more), the state that was found.
        """
        ref = read_ref(submitted.remote_id)
        path = "/uploadposts/posts/retry"
        try:
            answer = accepted(await self._client.write(path, ref.question, call=CHANGE))
        except AbsentError:
            if found := await self._found(submitted):
                return found
            raise
        told = _confirmed(answer)
        if told.request_id:
            ref = UploadRef("request", told.request_id, ref.draft)
        return Receipt(state=DeliveryState.SUBMITTED, remote_id=str(ref))

    async def close(self) -> None:
        """Give the sockets back."""
        await self._client.close()

    async def _change(
        self, submitted: Submitted, method: str, body: Mapping[str, Any] | None = None
    ) -> Answer:
        job = quote(read_ref(submitted.remote_id).id, safe="")
        path = f"/uploadposts/schedule/{job}"
        return await self._client.write(path, body, call=CHANGE, method=method)

    async def _found(self, submitted: Submitted) -> Receipt | None:
        """What the records say of a submission; None when they know none such."""
        try:
            return await self.records.status(
                read_ref(submitted.remote_id), submitted.platform, submitted.at
            )
        except AbsentError:
            return None

    async def _is_scheduled(self, ref: UploadRef) -> bool:
        return any(post.job_id == ref.id for post in await self.records.schedule())


def moment(at: datetime) -> str:
    """A time as Upload-Post takes it: ISO 8601 in UTC, to be sent with the timezone `UTC`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _confirmed(answer: Answer) -> UploadAnswer:
    """The answer to a change; it must say whether it was made."""
    told = answer.fit(UploadAnswer)
    if told.success is None:
        raise answer.broken("no success")
    return told


def _open(submitted: Submitted, reason: str) -> Receipt:
    """A question without an answer: as before, with the reason."""
    waits = submitted.at is not None and submitted.at > datetime.now(UTC)
    return Receipt(
        state=DeliveryState.SCHEDULED_AT_PROVIDER if waits else DeliveryState.SUBMITTED,
        remote_id=submitted.remote_id,
        reason=reason,
    )
