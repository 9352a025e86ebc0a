"""What happens to a post after OpenShorts passed it on, as Upload-Post tells with the same key."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from bot.domain.delivery import DeliveryState
from bot.domain.platform import Platform
from bot.domain.server import RemoteAccount
from bot.errors import AccountBrokenError, ProviderError
from providers.plan import Plan
from providers.submission import Receipt, Submission, Submitted
from providers.upload_post_api.client import UploadPostApi
from providers.upload_post_api.records import Lost

DRAFT = (
    "OpenShorts hands videos to TikTok as drafts: the creator finishes this one in TikTok's inbox,"
    " where caption and privacy are chosen anew."
)
UNVERIFIABLE = "OpenShorts took it; how it ended can only be seen at Upload-Post."

DRAFTS = frozenset({Platform.TIKTOK})
"""Where OpenShorts sends drafts, unless its operator set TIKTOK_POST_MODE to something else."""


class Afterwards:
    """Upload-Post's side of one connection; `api` is None where no key was given."""

    def __init__(self, api: UploadPostApi | None, profile: str) -> None:
        self._api = api
        self._profile = profile

    async def accounts(self) -> dict[str, RemoteAccount]:
        """What Upload-Post knows of accounts, by remote id; nothing when it does not tell."""
        if self._api is None:
            return {}
        try:
            return {item.remote_id: item for item in await self._api.profiles.accounts()}
        except ProviderError:
            return {}

    async def plan(self) -> Plan:
        """The plan at Upload-Post; nothing of it without a key."""
        return Plan() if self._api is None else await self._api.profiles.plan()

    def accepted(self, receipt: Receipt, platform: Platform) -> Receipt:
        """The receipt of a post that was accepted; without a key nothing more will be known."""
        if self._api is None:
            state = DeliveryState.ACCEPTED_UNVERIFIED
            return replace(receipt, state=state, reason=UNVERIFIABLE)
        return _with_draft_told(receipt, platform)

    async def status(self, submitted: Submitted) -> Receipt:
        """How far a post is; `accepted_unverified` when Upload-Post does not let us read it."""
        if self._api is None:
            return _unverifiable(submitted)
        try:
            receipt = await self._api.status(submitted)
        except AccountBrokenError as error:
            return _unverifiable(submitted, error.message)
        return _with_draft_told(receipt, submitted.platform)

    async def change(self, call: Callable[[UploadPostApi], Awaitable[Receipt]]) -> Receipt:
        """Cancel, move or retry. Raises AccountBrokenError without a key."""
        if self._api is None:
            raise AccountBrokenError(
                "OpenShorts was connected without an Upload-Post key, and only Upload-Post can"
                " change what was accepted.",
                remedy="Change it at Upload-Post, or connect OpenShorts again with the key.",
            )
        return await call(self._api)

    async def reconcile(self, submission: Submission, tried_at: datetime) -> list[Receipt]:
        """Look for a lost post by the texts OpenShorts sends along."""
        platforms = tuple(recipient.platform for recipient in submission.recipients)
        texts = frozenset(filter(None, (submission.title, submission.caption)))
        if self._api is None or not texts:
            return [_not_found() for _ in platforms]
        lost = Lost(
            profile=self._profile,
            platforms=platforms,
            texts=texts,
            tried_at=tried_at,
            at=submission.at,
            drafts=DRAFTS,
        )
        found = await self._api.records.find(lost)
        return [
            _with_draft_told(receipt, platform)
            for receipt, platform in zip(found, platforms, strict=True)
        ]

    async def close(self) -> None:
        """Give the sockets back."""
        if self._api is not None:
            await self._api.close()


def _with_draft_told(receipt: Receipt, platform: Platform) -> Receipt:
    told = receipt.state in _TELLING and platform in DRAFTS and not receipt.reason
    return replace(receipt, reason=DRAFT) if told else receipt


_TELLING = (
    DeliveryState.SUBMITTED,
    DeliveryState.SCHEDULED_AT_PROVIDER,
    DeliveryState.IN_INBOX,
)


def _unverifiable(submitted: Submitted, why: str = "") -> Receipt:
    return Receipt(
        state=DeliveryState.ACCEPTED_UNVERIFIED,
        remote_id=submitted.remote_id,
        reason=f"{UNVERIFIABLE} {why}".strip(),
    )


def _not_found() -> Receipt:
    return Receipt(
        state=DeliveryState.UNKNOWN,
        reason="Nothing that Copydesk may read tells of it.",
        remedy="Look at the account before anything is repeated.",
    )
