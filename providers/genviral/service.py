"""Genviral: eight platforms, up to ten accounts a post, times and an idempotency key (seed 003).

A post has a state for each of its accounts. What was accepted can be moved, deleted and, where it
failed, tried again. Media are fetched by Genviral, or handed over to its storage first.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import ClassVar
from urllib.parse import quote

from bot.domain.delivery import DeliveryState
from bot.domain.limits import AccountLimits
from bot.domain.server import RemoteAccount
from bot.errors import (
    ContentRejectedError,
    ProtocolBrokenError,
    TryLaterError,
)
from providers.answer import words
from providers.call import CHANGE, PUBLISH
from providers.capabilities import Capabilities
from providers.genviral import rules
from providers.genviral.account_book import AccountBook
from providers.genviral.capabilities import CAPABILITIES
from providers.genviral.models import (
    DeleteReply,
    PlanReply,
    RetryReply,
    Saved,
    SavedReply,
    UploadReply,
)
from providers.genviral.refusals import accepted, refusal
from providers.genviral.request import file_body, moment, post_body
from providers.genviral.states import Post, PostReply, accepted_state
from providers.http import ServiceClient, Transport
from providers.plan import Plan
from providers.submission import MediaFile, Receipt, Submission, Submitted

_OPEN = (DeliveryState.SUBMITTED, DeliveryState.SCHEDULED_AT_PROVIDER)


class Genviral:
    """One Genviral key."""

    DEFAULT_URL: ClassVar[str] = "https://www.genviral.io/api/partner/v1"

    URL_VARIABLE: ClassVar[str] = "GENVIRAL_URL"

    capabilities: ClassVar[Capabilities] = CAPABILITIES

    def __init__(
        self,
        credentials: Mapping[str, str],
        *,
        base_url: str = DEFAULT_URL,
        private_hosts: Iterable[str] = (),
        transport: Transport | None = None,
    ) -> None:
        key = credentials["key"].strip()
        self._client = ServiceClient(
            self.capabilities.label,
            base_url,
            headers={"Authorization": f"Bearer {key}"},
            secrets=[key, key.partition(".")[2]],
            refusal=refusal,
            transport=transport,
        )
        self._accounts = AccountBook(self._client)

    async def accounts(self) -> list[RemoteAccount]:
        """List the accounts of the platforms Copydesk knows; only active ones are usable."""
        return [account for item in await self._accounts.read() if (account := item.account())]

    async def account_limits(self, remote_id: str) -> AccountLimits | None:
        """Read what an account allows; None for one that is not listed."""
        found = next((item for item in await self._accounts.read() if item.id == remote_id), None)
        return found.limits() if found else None

    async def plan(self) -> Plan:
        """Read the plan of the key's workspace."""
        return accepted(await self._client.read("/subscription")).fit(PlanReply).plan()

    async def upload(self, file: MediaFile) -> str:
        """Hand over a file; its address at Genviral, for `MediaFile.url`."""
        if file.content is None:
            raise ContentRejectedError(
                "There are no bytes to hand over to Genviral.", remedy="Attach the file again."
            )
        answer = accepted(await self._client.ask("/files", file_body(file)))
        place = answer.fit(UploadReply).data
        # The store compares it with what was signed.
        headers = {"Content-Type": place.content_type or file.content_type}
        await self._client.hand_over(
            place.upload_url, file.content, size=file.size, headers=headers
        )
        return place.url

    async def publish(self, submission: Submission) -> list[Receipt]:
        """Publish or schedule; the same key again answers with the first post."""
        if submission.at:
            rules.check_time(submission.at, datetime.now(UTC))
        hosted = await self._accounts.hosted(submission)
        rules.check(submission, hosted)
        answer = await self._client.write("/posts", post_body(submission, hosted))
        saved = accepted(answer, asked_to=PUBLISH.asks_to).fit(SavedReply).data
        receipt = _saved(saved)
        return [receipt for _ in submission.recipients]

    async def status(self, submitted: Sequence[Submitted]) -> list[Receipt]:
        """Read how far submissions are, one question for each post, whatever its accounts."""
        ids = list(dict.fromkeys(item.remote_id for item in submitted))
        answers = await asyncio.gather(*map(self._post, ids), return_exceptions=True)
        found = dict(zip(ids, answers, strict=True))
        return [_receipt(item, found[item.remote_id], alone=len(ids) == 1) for item in submitted]

    async def cancel(self, submitted: Submitted) -> Receipt:
        """Delete the post at all its accounts, as long as it is out at none."""
        post_id = submitted.remote_id
        answer = accepted(await self._client.ask("/posts/delete", {"postIds": [post_id]}))
        reply = answer.fit(DeleteReply).data
        if post_id in (*reply.deleted, *(reply.skipped or ())):
            return Receipt(state=DeliveryState.CANCELLED, remote_id=post_id)
        if said := words((reply.errors or {}).get(post_id)):
            raise TryLaterError(f"Genviral could not delete it: {said}.", excerpt=answer.excerpt)
        return await self._found(submitted)

    async def reschedule(self, submitted: Submitted, at: datetime) -> Receipt:
        """Move the post at all its accounts; a time up to 30 seconds ahead publishes it at once."""
        rules.check_time(at, datetime.now(UTC))
        # Never null, which would publish at once.
        body = {"scheduled_at": moment(at)}
        try:
            answer = await self._client.write(
                _path(submitted.remote_id), body, call=CHANGE, method="PATCH"
            )
            saved = accepted(answer, asked_to=CHANGE.asks_to).fit(SavedReply).data
        except ContentRejectedError as error:
            refused = error
        else:
            return _saved(saved)
        found = await self._found(submitted)
        if found.state in _OPEN:
            raise refused
        return found

    async def retry(self, submitted: Submitted) -> Receipt:
        """Queue the post again for this account, if it failed there."""
        post_id = submitted.remote_id
        body = {"post_ids": [post_id], "account_ids": [submitted.account_remote_id]}
        answer = accepted(await self._client.ask("/posts/retry", body))
        reply = answer.fit(RetryReply).data
        if post_id in reply.ids:
            return Receipt(state=DeliveryState.SUBMITTED, remote_id=post_id)
        found = await self._found(submitted)
        said = words((reply.errors or {}).get(post_id))
        return replace(found, reason=f"{found.reason} Genviral: {said}.".strip()) if said else found

    async def close(self) -> None:
        """Give the sockets back."""
        await self._client.close()

    async def _post(self, post_id: str) -> Post:
        return accepted(await self._client.read(_path(post_id))).fit(PostReply).data

    async def _found(self, submitted: Submitted) -> Receipt:
        (receipt,) = await self.status([submitted])
        return receipt


def _saved(saved: Saved) -> Receipt:
    state = accepted_state(saved.status)
    return Receipt(state=state, remote_id=saved.id, reason=saved.reason)


def _receipt(item: Submitted, answer: Post | BaseException, *, alone: bool) -> Receipt:
    """What was answered about a post; an answer that is no use to it alone spoils no other."""
    if isinstance(answer, Post):
        return answer.receipt(item)
    if isinstance(answer, ContentRejectedError) or (
        isinstance(answer, ProtocolBrokenError) and not alone
    ):
        return Receipt(
            state=DeliveryState.SUBMITTED, remote_id=item.remote_id, reason=answer.message
        )
    raise answer


def _path(post_id: str) -> str:
    return f"/posts/{quote(post_id, safe='')}"
