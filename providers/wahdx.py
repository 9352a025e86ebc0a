"""WAHDX: TikTok, Instagram, Threads and Facebook, one account per call (seed 002).

It takes no times and no idempotency key, and lists no posts: a publish call whose answer was lost
can only be looked up by people. Options of a recipient: `visibility` (TikTok's privacy level),
`draft` ("true": to the creator's TikTok inbox), and TikTok's own switches ("true" or "false").
"""

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar
from urllib.parse import quote

from bot.domain.delivery import DeliveryState
from bot.domain.platform import Platform
from bot.errors import AccountBrokenError, ContentRejectedError, ProtocolBrokenError, ProviderError
from providers.answer import Answer
from providers.base import (
    AccountLimits,
    Capabilities,
    CredentialField,
    Idempotency,
    Receipt,
    RemoteAccount,
    StatusReading,
    Submission,
    Submitted,
)
from providers.http import ServiceClient, Transport
from providers.verdict import refused
from providers.wahdx_limits import LIMITS, MOST_PUBLIC_FIRST
from providers.wahdx_models import AccountList, BatchReply, Refusable, Reply, find_creator_info
from providers.wahdx_request import batch_body, media_type, post_body

# Refusals that mean the account or the plan, not the content. Words, because WAHDX has no codes.
_ABOUT_ACCOUNT = re.compile(
    r"account\b.*\b(expired|not found|disconnected|not connected|inactive)"
    r"|reconnect|subscription|api key|access token|unauthori[sz]ed",
    re.IGNORECASE | re.DOTALL,
)


class Wahdx:
    """One WAHDX key."""

    DEFAULT_URL: ClassVar[str] = (
        "https://api-tiktok.wahdx.co"  # seed 002; newer pages: api.wahdx.com
    )

    capabilities: ClassVar[Capabilities] = Capabilities(
        name="wahdx",
        label="WAHDX",
        key_page="In the WAHDX dashboard: the profile icon in the header, then the API key.",
        credentials=(CredentialField(name="key", label="API key", placeholder="sk_…"),),
        platforms=LIMITS,
        accounts_per_submission=1,
        schedule=None,
        status_reading=StatusReading.BATCH,
        status_batch=50,  # ours: WAHDX documents no limit
        idempotency=Idempotency.NONE,
        reads_account_limits=True,
        default_visibility={Platform.TIKTOK: MOST_PUBLIC_FIRST[0]},
    )

    def __init__(
        self,
        credentials: Mapping[str, str],
        *,
        base_url: str = DEFAULT_URL,
        transport: Transport | None = None,
    ) -> None:
        key = credentials["key"].strip()
        self._client = ServiceClient(
            self.capabilities.label,
            base_url,
            headers={"X-API-Key": key},
            secrets=[key],
            refusal=_about_account,
            transport=transport,
        )

    async def accounts(self) -> list[RemoteAccount]:
        """List the accounts of the platforms Copydesk knows; an expired one is not usable."""
        answer = _accepted(await self._client.read("/api/content/accounts"))
        return [account for item in answer.fit(AccountList).data if (account := item.account())]

    async def account_limits(self, remote_id: str) -> AccountLimits | None:
        """Read what a TikTok account allows; None for other platforms, where WAHDX refuses."""
        try:
            answer = await self._client.read(f"/api/content/creator-info/{_part(remote_id)}")
            info = find_creator_info(_accepted(answer).data)
        except ContentRejectedError:
            return None
        return info.limits() if info else None

    async def publish(self, submission: Submission) -> list[Receipt]:
        """Publish to the one account; TikTok works on it afterwards, the others are out at once."""
        answer = _accepted(await self._client.write("/api/content/post", post_body(submission)))
        receipt = answer.fit(Reply).merged().receipt(submission.kind)
        if not receipt.remote_id and receipt.state is not DeliveryState.PUBLISHED:
            raise answer.broken("no publish id")
        return [receipt]

    async def status(self, submitted: Sequence[Submitted]) -> list[Receipt]:
        """Read how far submissions are: one by its own address, several in one batch."""
        if len(submitted) == 1:
            return [await self._one_status(submitted[0])]
        answer = await self._client.ask("/api/content/status/batch", batch_body(submitted))
        results = _accepted(answer).fit(BatchReply).data.readable()
        receipts: list[Receipt] = []
        for item in submitted:
            match results.get((item.account_remote_id, item.remote_id)):
                case None:
                    receipts.append(_unanswered(item, "WAHDX left it out of its answer."))
                case result, _ if result.refused:
                    receipts.append(_unanswered(item, f"WAHDX could not say: {result.refused}"))
                case _, progress:
                    receipts.append(progress.receipt(item.kind, item.remote_id))
        return receipts

    async def close(self) -> None:
        """Give the sockets back."""
        await self._client.close()

    async def _one_status(self, item: Submitted) -> Receipt:
        path = f"/api/content/status/{_part(item.account_remote_id)}/{_part(item.remote_id)}"
        try:
            answer = _accepted(await self._client.read(path, media_type(item)))
        except ContentRejectedError as error:
            return _unanswered(item, error.message)
        return answer.fit(Reply).merged().receipt(item.kind, item.remote_id)


def _unanswered(item: Submitted, reason: str) -> Receipt:
    return Receipt(state=DeliveryState.SUBMITTED, remote_id=item.remote_id, reason=reason)


def _accepted(answer: Answer) -> Answer:
    """The answer, unless it says no with HTTP 200."""
    if not answer.fit(Refusable).refused:
        return answer
    if _names_a_post(answer):
        raise answer.broken("refused, yet with a publish id")
    raise _about_account(answer) or refused(answer)


def _names_a_post(answer: Answer) -> bool:
    try:
        return bool(answer.fit(Reply).merged().publish_id)
    except ProtocolBrokenError:
        return False


def _about_account(answer: Answer) -> ProviderError | None:
    """The error of a refusal that means the account or the plan; None when it means the content."""
    data = answer.data
    has_plan = isinstance(data, dict) and "subscription" in data
    if not has_plan and not _ABOUT_ACCOUNT.search(answer.words):
        return None
    return AccountBrokenError(
        f"WAHDX refused: {answer.words or f'HTTP {answer.status}'}",
        remedy="Check the account and the plan at WAHDX, then connect it again.",
        excerpt=answer.excerpt,
    )


def _part(text: str) -> str:
    return quote(text, safe="")
