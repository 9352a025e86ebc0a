"""Upload-Post: ten platforms by one key, several platforms of a profile in one upload.

A submission carries its key as `Idempotency-Key`, which collapses repetitions for 24 hours, and as
`request_id`, under which a lost upload is found again. Times are handed over in UTC.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from bot.domain.limits import AccountLimits
from bot.domain.options import Listed
from bot.domain.platform import Platform
from bot.domain.server import RemoteAccount
from providers.capabilities import (
    Capabilities,
    Connecting,
    CredentialField,
    Idempotency,
    Schedule,
    StatusReading,
)
from providers.connecting import ConnectLink
from providers.http import Transport
from providers.plan import Plan
from providers.submission import Receipt, Submission, Submitted
from providers.upload_post import covers
from providers.upload_post.covers import COVERS
from providers.upload_post.limits import LIMITS
from providers.upload_post.options import DEFAULT_VISIBILITY, OPTIONS, go_together, is_draft
from providers.upload_post.request import upload_of
from providers.upload_post_api.answers import UploadAnswer
from providers.upload_post_api.client import UploadPostApi
from providers.upload_post_api.daily import DAILY
from providers.upload_post_api.names import profile_of
from providers.upload_post_api.records import Lost


class UploadPost:
    """One Upload-Post key."""

    DEFAULT_URL: ClassVar[str] = "https://api.upload-post.com/api"
    URL_VARIABLE: ClassVar[str] = "UPLOAD_POST_URL"

    capabilities: ClassVar[Capabilities] = Capabilities(
        name="upload_post",
        label="Upload-Post",
        key_page="In the Upload-Post dashboard, under API Keys.",
        credentials=(CredentialField(name="key", label="API key"),),
        platforms=LIMITS,
        options=OPTIONS,
        default_visibility=DEFAULT_VISIBILITY,
        covers=COVERS,
        reads_account_limits=True,
        tells_plan=True,
        daily=DAILY,
        takes_content=True,
        accounts_per_submission=len(Platform),
        goes_with=go_together,
        idempotency=Idempotency.WINDOW,
        idempotency_window=timedelta(hours=24),
        schedule=Schedule(lead=timedelta(minutes=1), horizon=timedelta(days=365)),
        status_reading=StatusReading.SINGLE,
        cancels=True,
        reschedules=True,
        retries=True,
        reconciles=True,
        connecting=Connecting.LINK,
        connectable=frozenset(LIMITS),
        connecting_cost="Upload-Post's plan says how many profiles there can be.",
        connecting_page="In the Upload-Post dashboard, under Manage Users.",
    )

    def __init__(
        self,
        credentials: Mapping[str, str],
        *,
        base_url: str = DEFAULT_URL,
        private_hosts: Iterable[str] = (),
        transport: Transport | None = None,
    ) -> None:
        self._api = UploadPostApi(credentials["key"], base_url=base_url, transport=transport)

    async def accounts(self) -> list[RemoteAccount]:
        """List every connected platform of every profile."""
        return await self._api.profiles.accounts()

    async def account_limits(self, remote_id: str) -> AccountLimits | None:
        """Read what a TikTok account allows; None for other platforms."""
        return await self._api.profiles.account_limits(remote_id)

    async def values_of(self, remote_id: str, option: str) -> list[Listed]:
        """Read the pages or boards of an account."""
        return await self._api.values_of(remote_id, option)

    async def plan(self) -> Plan:
        """Read the plan, and how many of its profiles are used."""
        return await self._api.profiles.plan()

    async def connect_link(self, platform: Platform) -> ConnectLink:
        """Make an address that connects an account to the first profile without one."""
        return await self._api.profiles.connect_link(platform)

    async def publish(self, submission: Submission) -> list[Receipt]:
        """Publish or schedule; the platforms work on it afterwards, each for itself."""
        upload = upload_of(submission)
        fields = [*upload.fields, *await covers.as_text(submission)]
        answer = await self._api.upload(upload.path, fields, upload.files, key=submission.key)
        asked = [
            (recipient.platform, is_draft(recipient, submission.kind))
            for recipient in submission.recipients
        ]
        told = answer.fit(UploadAnswer)
        receipts = told.receipts(asked, submission.at, request_id=submission.key)
        if not receipts:
            raise answer.broken("neither results nor an id")
        return receipts

    async def status(self, submitted: Sequence[Submitted]) -> list[Receipt]:
        """Read how far submissions are."""
        return [await self._api.status(item) for item in submitted]

    async def cancel(self, submitted: Submitted) -> Receipt:
        """Take a scheduled upload back, on all its platforms."""
        return await self._api.cancel(submitted)

    async def reschedule(self, submitted: Submitted, at: datetime) -> Receipt:
        """Move a scheduled upload, on all its platforms."""
        return await self._api.reschedule(submitted, at)

    async def retry(self, submitted: Submitted) -> Receipt:
        """Publish again wherever the upload failed: Upload-Post does so for all its platforms."""
        return await self._api.retry(submitted)

    async def reconcile(self, submission: Submission, tried_at: datetime) -> list[Receipt]:
        """Look for a submission in the schedule, under its key, and in the history."""
        lost = Lost(
            profile=profile_of(submission.recipients[0].remote_id),
            platforms=tuple(recipient.platform for recipient in submission.recipients),
            texts=frozenset(text for text in (submission.caption, submission.title) if text),
            tried_at=tried_at,
            at=submission.at,
            request_id=submission.key,
            drafts=frozenset(
                recipient.platform
                for recipient in submission.recipients
                if is_draft(recipient, submission.kind)
            ),
        )
        return await self._api.records.find(lost)

    async def close(self) -> None:
        """Give the sockets back."""
        await self._api.close()
