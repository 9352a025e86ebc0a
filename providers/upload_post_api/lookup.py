"""Reading Upload-Post's records: how far an upload is, where it is, and a lost call sought."""

from collections.abc import Mapping
from datetime import datetime

from bot.domain.delivery import DeliveryState
from bot.domain.platform import Platform
from bot.errors import ProviderError
from providers.http import ServiceClient
from providers.submission import Receipt
from providers.upload_post_api.answers import StatusAnswer
from providers.upload_post_api.names import UploadRef, platform_of
from providers.upload_post_api.records import (
    History,
    Lost,
    ScheduledPost,
    in_history,
    in_schedule,
    scheduled_posts,
)
from providers.upload_post_api.refusals import AbsentError, accepted

PAGES = 4  # of 100 publications, that a lost call is sought in


class Records:
    """The records of one key; reading changes nothing."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def status(
        self, ref: UploadRef, platform: Platform, at: datetime | None = None
    ) -> Receipt:
        """How far a submission is on one platform. Raises AbsentError when there is none such."""
        answer = await self._client.read("/uploadposts/status", ref.question)
        told = accepted(answer).fit(StatusAnswer)
        if told.status == "not_found":
            raise AbsentError("Upload-Post knows no such upload.", excerpt=answer.excerpt)
        receipt = told.receipt(platform, ref, at)
        if receipt.state is DeliveryState.PUBLISHED and not receipt.link:
            return await self._with_link(receipt, ref, platform)
        return receipt

    async def schedule(self) -> list[ScheduledPost]:
        """What waits for its time."""
        answer = accepted(await self._client.read("/uploadposts/schedule"))
        posts = scheduled_posts(answer.data)
        if posts is None:
            raise answer.broken("no scheduled posts")
        return posts

    async def history(self, page: int = 1, filters: Mapping[str, str] | None = None) -> History:
        """A page of 100 publications, newest first; `request_id` or `job_id` filters it."""
        asked = {"page": str(page), "limit": "100", **(filters or {})}
        return accepted(await self._client.read("/uploadposts/history", asked)).fit(History)

    async def find(self, lost: Lost) -> list[Receipt]:
        """Look for a call whose answer was lost, one receipt per platform in order: in the
        schedule, under the id it was sent with, in the history. `unknown` where none of them
        shows it, which proves nothing.
        """
        found = in_schedule(await self.schedule(), lost) if lost.at else {}
        if not found and lost.request_id:
            found = await self._by_request(lost)
        if not found:
            found = await self._in_history(lost)
        unknown = Receipt(
            state=DeliveryState.UNKNOWN,
            reason="Upload-Post's records do not show it.",
            remedy="Look at the account before anything is repeated.",
        )
        return [found.get(platform, unknown) for platform in lost.platforms]

    async def _by_request(self, lost: Lost) -> dict[Platform, Receipt]:
        try:
            return {
                platform: await self.status(
                    lost.ref("request", lost.request_id, platform), platform, lost.at
                )
                for platform in lost.platforms
            }
        except AbsentError:
            return {}

    async def _in_history(self, lost: Lost) -> dict[Platform, Receipt]:
        found: dict[Platform, Receipt] = {}
        for page in range(1, PAGES + 1):
            history = await self.history(page)
            found = in_history(history.items(), lost) | found
            if len(found) == len(lost.platforms) or history.reaches_back_to(lost.tried_at):
                break
        return found

    async def _with_link(self, receipt: Receipt, ref: UploadRef, platform: Platform) -> Receipt:
        """The same with the address the history has; the documented status shows none."""
        try:
            items = (await self.history(filters=ref.question)).items()
        except ProviderError:
            return receipt  # it is out, whatever the history answers
        for item in items:
            is_it = ref.id in (item.request_id, item.job_id)
            if is_it and item.success and platform_of(item.platform) is platform:
                return item.done(ref.draft, receipt.remote_id)
        return receipt
