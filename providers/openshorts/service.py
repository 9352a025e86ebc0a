"""OpenShorts: cuts clips out of long videos, and posts them through Upload-Post (seed 001).

A server is run by the team itself (`url`); Upload-Post's key goes along with each call. OpenShorts
forgets a post as soon as it is passed on, so what becomes of it is read, moved and taken back at
Upload-Post with the same key, and a post whose answer was lost is sought in its records.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from bot.domain.clip import ClipRef
from bot.domain.server import RemoteAccount
from bot.errors import AccountBrokenError, ContentRejectedError, TryLaterError
from providers.capabilities import Capabilities
from providers.clips import ClipJob, ClipJobState, ClipOrder
from providers.http import Transport
from providers.openshorts.afterwards import DRAFTS, Afterwards
from providers.openshorts.capabilities import CAPABILITIES, CONSENT, CREDENTIALS
from providers.openshorts.models import Profile
from providers.openshorts.refusal import MAKE_AGAIN
from providers.openshorts.request import clip_of, post_body
from providers.openshorts.server import Server
from providers.openshorts.turn import turn
from providers.plan import Plan
from providers.submission import Receipt, Submission, Submitted
from providers.upload_post_api.answers import UploadAnswer
from providers.upload_post_api.client import DEFAULT_URL, UploadPostApi
from providers.upload_post_api.names import account_id
from providers.upload_post_api.refusals import accepted


class OpenShorts:
    """One OpenShorts server with one profile of Upload-Post."""

    DEFAULT_URL: ClassVar[str] = DEFAULT_URL  # Upload-Post's; the server's own is a credential

    URL_VARIABLE: ClassVar[str] = "UPLOAD_POST_URL"

    capabilities: ClassVar[Capabilities] = CAPABILITIES

    def __init__(
        self,
        credentials: Mapping[str, str],
        *,
        base_url: str = DEFAULT_URL,
        private_hosts: Iterable[str] = (),
        transport: Transport | None = None,
    ) -> None:
        given = {field.name: credentials.get(field.name, "").strip() for field in CREDENTIALS}
        self._key, self._profile = given["key"], given["profile"]
        self._server = Server(
            given["url"],
            key=self._key,
            gemini_key=given["gemini_key"],
            token=given["token"],
            private_hosts=private_hosts,
            transport=transport,
        )
        api = UploadPostApi(self._key, base_url=base_url, transport=transport)
        self._afterwards = Afterwards(api if self._key else None, self._profile)

    async def accounts(self) -> list[RemoteAccount]:
        """List the connected platforms of the profile; Upload-Post tells which must be renewed."""
        profiles = await self._server.profiles()
        if not profiles:
            return []
        platforms = self._ours(profiles).platforms
        known = await self._afterwards.accounts()
        names = [(account_id(self._profile, platform), platform) for platform in platforms]
        return [
            known.get(remote_id)
            or RemoteAccount(
                remote_id=remote_id, platform=platform, name=self._profile, username=""
            )
            for remote_id, platform in names
        ]

    async def plan(self) -> Plan:
        """Read the plan at Upload-Post, which publishes."""
        return await self._afterwards.plan()

    async def publish(self, submission: Submission) -> list[Receipt]:
        """Post a clip to platforms of the profile, one post at a time for each server."""
        clip = clip_of(submission)
        body = post_body(submission, self._key, self._profile)
        async with turn(self._server.address):
            await self._check(clip)
            answer = accepted(await self._server.post(body))
        platforms = [recipient.platform for recipient in submission.recipients]
        asked = [(platform, platform in DRAFTS) for platform in platforms]
        receipts = answer.fit(UploadAnswer).receipts(asked, submission.at)
        if not receipts:
            raise answer.broken("no id")
        return list(map(self._afterwards.accepted, receipts, platforms))

    async def status(self, submitted: Sequence[Submitted]) -> list[Receipt]:
        """Read how far the one submission is, at Upload-Post."""
        return [await self._afterwards.status(item) for item in submitted]

    async def cancel(self, submitted: Submitted) -> Receipt:
        """Take a scheduled post back at Upload-Post."""
        return await self._afterwards.change(lambda api: api.cancel(submitted))

    async def reschedule(self, submitted: Submitted, at: datetime) -> Receipt:
        """Move a scheduled post at Upload-Post."""
        return await self._afterwards.change(lambda api: api.reschedule(submitted, at))

    async def retry(self, submitted: Submitted) -> Receipt:
        """Let Upload-Post publish again, which has the video, where the post failed."""
        return await self._afterwards.change(lambda api: api.retry(submitted))

    async def reconcile(self, submission: Submission, tried_at: datetime) -> list[Receipt]:
        """Look for a lost post in Upload-Post's schedule and history."""
        return await self._afterwards.reconcile(submission, tried_at)

    async def make_clips(self, order: ClipOrder) -> ClipJob:
        """Begin to cut clips out of a file or of what a link leads to."""
        if not order.agreed:
            raise ContentRejectedError(
                "OpenShorts needs your word before it takes a video.", remedy=f"Agree: {CONSENT}"
            )
        return await self._server.order(order)

    async def clip_job(self, project_id: str) -> ClipJob:
        """Read how far a job is; its clips are told when it is completed, not before."""
        job = await self._server.job(project_id)
        return job.clip_job(project_id, self._server.address)

    async def close(self) -> None:
        """Give the sockets back."""
        await self._server.close()
        await self._afterwards.close()

    def _ours(self, profiles: Sequence[Profile]) -> Profile:
        for profile in profiles:
            if profile.username == self._profile:
                return profile
        raise AccountBrokenError(
            f"Upload-Post has no profile named {self._profile}.",
            remedy=f"Connect OpenShorts again with one of"
            f" {', '.join(profile.username for profile in profiles)}.",
        )

    async def _check(self, clip: ClipRef) -> None:
        """While a job is at work its clips stand at other places, and another one would go out."""
        job = await self._server.job(clip.project_id)
        if job.state is ClipJobState.WORKING:
            raise TryLaterError("OpenShorts is still making the clips of this video.")
        if job.state is ClipJobState.FAILED:
            raise ContentRejectedError(
                f"OpenShorts could not make the clips: {job.reason}", remedy=MAKE_AGAIN
            )
        if clip.index >= len(job.clips):
            raise ContentRejectedError(
                f"There is no clip number {clip.index}; the video has {len(job.clips)}, counted"
                " from 0.",
                remedy="Choose a clip of the list.",
            )
