"""WAHDX: TikTok, Instagram, Threads and Facebook, one account per call (seed 002).

It takes no times and no idempotency key, and lists no posts: a publish call whose answer was lost
can only be looked up by people.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import quote

from bot.domain.delivery import DeliveryState
from bot.domain.limits import AccountLimits
from bot.domain.platform import Kind, Platform
from bot.domain.server import RemoteAccount
from bot.errors import ContentRejectedError
from providers.answer import Answer
from providers.capabilities import Capabilities, Connecting, CredentialField, StatusReading
from providers.connecting import CodeProgress, ConnectCode
from providers.http import ServiceClient, Transport
from providers.plan import Plan
from providers.submission import Receipt, Submission, Submitted
from providers.wahdx.accounts import AccountList, find_creator_info
from providers.wahdx.limits import LIMITS
from providers.wahdx.login import read_code, read_progress, request_body
from providers.wahdx.models import BatchReply, BatchResult, Progress, Reply
from providers.wahdx.options import COVERS, MOST_PUBLIC_FIRST, OPTIONS
from providers.wahdx.refusal import about_account, accepted
from providers.wahdx.request import batch_body, media_type, post_body


class Wahdx:
    """One WAHDX key."""

    DEFAULT_URL: ClassVar[str] = (
        "https://api-tiktok.wahdx.co"  # seed 002; newer pages: api.wahdx.com
    )

    URL_VARIABLE: ClassVar[str] = "WAHDX_URL"

    capabilities: ClassVar[Capabilities] = Capabilities(
        name="wahdx",
        label="WAHDX",
        key_page="In the WAHDX dashboard: the profile icon in the header, then the API key.",
        credentials=(CredentialField(name="key", label="API key", placeholder="sk_…"),),
        platforms=LIMITS,
        accounts_per_submission=1,
        status_reading=StatusReading.BATCH,
        status_batch=50,  # ours: WAHDX documents no limit
        reads_account_limits=True,
        tells_plan=True,
        options=OPTIONS,
        covers=COVERS,
        default_visibility={Platform.TIKTOK: MOST_PUBLIC_FIRST[0]},
        connecting=Connecting.CODE,
        connectable=frozenset({Platform.TIKTOK}),
        connecting_cost="Connecting by a code needs WAHDX's Maximum plan.",
        connecting_page="Instagram, Threads and Facebook: sign in at https://wahdx.com, open the dashboard, and"
        " connect the account there.",
    )

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
            headers={"X-API-Key": key},
            secrets=[key],
            refusal=about_account,
            transport=transport,
        )

    async def accounts(self) -> list[RemoteAccount]:
        """List the accounts of the platforms Copydesk knows; an expired one is not usable."""
        listed = (await self._listed()).data
        return [account for item in listed if (account := item.account())]

    async def plan(self) -> Plan:
        """Read the plan, which WAHDX tells with the accounts."""
        return Plan(name=((await self._listed()).subscription or "").capitalize())

    async def account_limits(self, remote_id: str) -> AccountLimits | None:
        """Read what a TikTok account allows; None for other platforms, where WAHDX refuses."""
        try:
            answer = await self._client.read(f"/api/content/creator-info/{_part(remote_id)}")
            info = find_creator_info(accepted(answer).data)
        except ContentRejectedError:
            return None
        return info.limits() if info else None

    async def publish(self, submission: Submission) -> list[Receipt]:
        """Publish to the one account; TikTok works on it afterwards, the others are out at once."""
        answer = accepted(await self._client.write("/api/content/post", post_body(submission)))
        receipt = answer.fit(Reply).merged().receipt(submission.kind)
        if not receipt.remote_id and receipt.state is not DeliveryState.PUBLISHED:
            raise answer.broken("no publish id")
        return [receipt]

    async def status(self, submitted: Sequence[Submitted]) -> list[Receipt]:
        """Read how far submissions are: one by its own address, several in one batch."""
        if len(submitted) == 1:
            return [await self._one_status(submitted[0])]
        found = await self._batch(batch_body(submitted))
        return [
            _told(item, found.get((item.account_remote_id, item.remote_id))) for item in submitted
        ]

    async def status_of_post(self, post_id: str, kind: Kind) -> dict[str, Receipt]:
        """Read how far a post is that was scheduled in WAHDX's dashboard, by account id.

        No documented call schedules one, so Copydesk, which keeps the time itself, has none.
        """
        found = await self._batch({"postId": post_id})
        return {
            account_id: _receipt(result, kind, publish_id)
            for (account_id, publish_id), result in found.items()
        }

    async def connect_code(self) -> ConnectCode:
        """Make a picture to scan with the TikTok app; AccountBrokenError where the plan has none."""
        return read_code(await self._login("request", request_body()))

    async def code_progress(self, token: str) -> CodeProgress:
        """Read how far it is. The account is told once: afterwards the code is `utilised`, so
        whoever missed it finds the account in the list.
        """
        return read_progress(await self._login("check", {"token": token}))

    async def close(self) -> None:
        """Give the sockets back."""
        await self._client.close()

    async def _listed(self) -> AccountList:
        return accepted(await self._client.read("/api/content/accounts")).fit(AccountList)

    async def _one_status(self, item: Submitted) -> Receipt:
        path = f"/api/content/status/{_part(item.account_remote_id)}/{_part(item.remote_id)}"
        try:
            answer = accepted(await self._client.read(path, media_type(item)))
        except ContentRejectedError as error:
            return _unanswered(item.remote_id, error.message)
        return answer.fit(Reply).merged().receipt(item.kind, item.remote_id)

    async def _batch(
        self, body: Mapping[str, Any]
    ) -> dict[tuple[str, str], tuple[BatchResult, Progress]]:
        answer = accepted(await self._client.ask("/api/content/status/batch", body))
        return answer.fit(BatchReply).data.readable()

    async def _login(self, step: str, body: Mapping[str, str]) -> Answer:
        # A code nobody scans does nothing, so asking for one may be repeated.
        try:
            return accepted(await self._client.ask(f"/api/content/qr-login/{step}", body))
        except ContentRejectedError as error:
            failure = ContentRejectedError(
                error.message, remedy="Ask for a fresh code.", excerpt=error.excerpt
            )
        raise failure


def _told(item: Submitted, result: tuple[BatchResult, Progress] | None) -> Receipt:
    if result is None:
        return _unanswered(item.remote_id, "WAHDX left it out of its answer.")
    return _receipt(result, item.kind, item.remote_id)


def _receipt(result: tuple[BatchResult, Progress], kind: Kind, publish_id: str) -> Receipt:
    frame, progress = result
    if frame.refused:
        return _unanswered(publish_id, f"WAHDX could not say: {frame.refused}")
    return progress.receipt(kind, publish_id)


def _unanswered(publish_id: str, reason: str) -> Receipt:
    return Receipt(state=DeliveryState.SUBMITTED, remote_id=publish_id, reason=reason)


def _part(text: str) -> str:
    return quote(text, safe="")
