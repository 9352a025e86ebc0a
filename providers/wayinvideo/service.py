"""WayinVideo: cuts clips out of longer videos and publishes them to six platforms (seed 000).

It has no idempotency and tells no results: a publish call is answered once, and what became of it,
or of a call whose answer was lost, is seen in its calendar alone.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from urllib.parse import quote

from bot.domain.platform import Platform
from bot.domain.platform_limits import AVI, GB, MOV, MP4, WEBM
from bot.domain.server import RemoteAccount
from bot.errors import ContentRejectedError
from providers.call import ORDER, READ
from providers.capabilities import Capabilities, ClipMaking, Connecting, CredentialField, Upload
from providers.clips import ClipJob, ClipOrder
from providers.connecting import ConnectLink
from providers.http import ServiceClient, Transport
from providers.pace import Rate
from providers.submission import MediaFile, Receipt, Submission
from providers.wayinvideo import clipping
from providers.wayinvideo.models import (
    RESULTS_PAGE,
    Accounts,
    LinkReply,
    PublishReply,
    UploadReply,
)
from providers.wayinvideo.options import COVERS, DEFAULT_VISIBILITY, OPTIONS
from providers.wayinvideo.platforms import LIMITS, SPELLINGS
from providers.wayinvideo.projects import Project, ProjectReply
from providers.wayinvideo.refusal import refusal
from providers.wayinvideo.request import SCHEDULE, publish_body

_CLIPPING, _MOMENTS = "/api/v2/clips", "/api/v2/clips/find-moments"


class WayinVideo:
    """One WayinVideo key."""

    DEFAULT_URL: ClassVar[str] = "https://wayinvideo-api.wayin.ai"

    URL_VARIABLE: ClassVar[str] = "WAYINVIDEO_URL"

    capabilities: ClassVar[Capabilities] = Capabilities(
        name="wayinvideo",
        label="WayinVideo",
        key_page="In the WayinVideo API Dashboard (https://wayin.ai/wayinvideo/api-dashboard),"
        " under Create API Key.",
        credentials=(CredentialField(name="key", label="API key"),),
        platforms=LIMITS,
        options=OPTIONS,
        default_visibility=DEFAULT_VISIBILITY,
        covers=COVERS,
        accounts_per_submission=20,  # ours: WayinVideo documents no limit
        schedule=SCHEDULE,
        results_page=RESULTS_PAGE,
        upload=Upload(types=frozenset({AVI, MP4, MOV, WEBM}), size=5 * GB, for_clips=True),
        clip_making=ClipMaking(
            from_link=True,
            from_file=True,
            finds_moments=True,
            poll=timedelta(seconds=30),
            options=clipping.OPTIONS,
            cost="It costs API Units of WayinVideo, by the length of the video.",
            at_once=5,
        ),
        connecting=Connecting.LINK,
        connectable=frozenset(SPELLINGS),
        connecting_cost="Connecting an account costs 10 API Units (for now, WayinVideo says), and"
        " nothing where it is not completed.",
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
            headers={
                "Authorization": f"Bearer {key}",
                "Content-Type": "application/json",
                "x-wayinvideo-api-version": "v2",
            },
            secrets=[key],
            refusal=refusal,
            rate=Rate(15, 60.0),  # WayinVideo's documentation, "Rate Limits"
            transport=transport,
        )
        # Where a project was found: a question at the wrong place costs one of 15 calls a minute.
        self._places: dict[str, str] = {}

    async def accounts(self) -> list[RemoteAccount]:
        """List the accounts, those whose token has ended too, as not usable."""
        answer = await self._client.read("/api/v2/social-media/accounts", {"active_only": "false"})
        return [account for item in answer.fit(Accounts).data if (account := item.remote())]

    async def connect_link(self, platform: Platform) -> ConnectLink:
        """Make an address that connects one account, once."""
        # Without a body, and asked like a question: an address nobody opens does and costs nothing.
        path = f"/api/v2/social-media/oauth/{SPELLINGS[platform]}"
        answer = await self._client.write(path, call=READ)
        return ConnectLink(url=answer.fit(LinkReply).data.auth_url)

    async def publish(self, submission: Submission) -> list[Receipt]:
        """Publish or schedule one clip to all recipients, in one task."""
        body = publish_body(submission, datetime.now(UTC))
        answer = await self._client.write("/api/v2/social-media/publish", body)
        return answer.fit(PublishReply).data.receipts(submission.recipients, submission.at)

    async def upload(self, file: MediaFile) -> str:
        """Hand over a video; the name it has afterwards serves for one order."""
        if file.content is None:
            raise ContentRejectedError(
                "WayinVideo must be given the bytes of a file.", remedy="Give it as a link."
            )
        answer = await self._client.ask("/api/v2/upload/single-file", {"name": file.name})
        place = answer.fit(UploadReply).data
        await self._client.hand_over(
            place.upload_url,
            file.content,
            size=file.size,
            headers={"Content-Type": file.content_type},
        )
        return place.identity

    async def make_clips(self, order: ClipOrder) -> ClipJob:
        """Begin: AI Clipping, or Find Moments where the order has a query."""
        place = _MOMENTS if order.query else _CLIPPING
        answer = await self._client.write(place, clipping.order_body(order), call=ORDER)
        job = answer.fit(ProjectReply).data.job()
        self._places[job.project_id] = place
        return job

    async def clip_job(self, project_id: str) -> ClipJob:
        """Read how far a project is, of whichever kind: the id does not tell."""
        known = self._places.get(project_id)
        for place in [known] if known else [_CLIPPING, _MOMENTS]:
            if project := await self._project(place, project_id):
                self._places[project_id] = place
                return project.job()
        raise ContentRejectedError(
            f"WayinVideo has no project {project_id}, or it has expired.",
            remedy="Give the id of a project that was made here or through the API: ids of the"
            " website (hmtask…) do not work.",
        )

    async def close(self) -> None:
        """Give the sockets back."""
        await self._client.close()

    async def _project(self, place: str, project_id: str) -> Project | None:
        """A project of one kind; None where there is none of this id."""
        try:
            answer = await self._client.read(f"{place}/results/{quote(project_id, safe='')}")
        except ContentRejectedError:
            return None
        return answer.fit(ProjectReply).data
