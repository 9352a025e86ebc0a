"""One OpenShorts server: its jobs, its orders for clips, and the one call that posts."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from bot.errors import ContentRejectedError, ProviderError
from providers.answer import Answer
from providers.call import ORDER
from providers.clips import ClipJob, ClipJobState, ClipOrder
from providers.form import FormFile
from providers.guard import Guard
from providers.http import ServiceClient, Transport
from providers.openshorts.capabilities import RETENTION
from providers.openshorts.models import Config, Job, OrderReply, Profile, ProfileList
from providers.openshorts.options import LOW_QUALITY
from providers.openshorts.refusal import meaning
from providers.openshorts.request import as_form, order_fields
from providers.submission import MediaFile

_Content = Callable[[], AsyncIterator[bytes]]


class Server:
    """The server at an address, with the keys of a connection; an empty one is not sent.

    People choose the address, so it is guarded, unless a transport takes the network's place.
    """

    def __init__(
        self,
        address: str,
        *,
        key: str,
        gemini_key: str,
        token: str,
        private_hosts: Iterable[str],
        transport: Transport | None,
    ) -> None:
        self.address = address.rstrip("/")
        self._key_header = {"X-Upload-Post-Key": key} if key else {}
        self._gemini_header = {"X-Gemini-Key": gemini_key} if gemini_key else {}
        self._client = ServiceClient(
            "OpenShorts",
            self.address,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            secrets=[key, gemini_key, token],
            refusal=meaning,
            guard=None if transport else Guard(private_hosts),
            transport=transport,
        )

    async def profiles(self) -> list[Profile]:
        """The Upload-Post profiles of the key, which goes in a header here."""
        answer = await self._client.read("/api/social/user", headers=self._key_header)
        return answer.fit(ProfileList).profiles

    async def job(self, job_id: str) -> Job:
        """A job. Raises ContentRejectedError when there is none such, or no more."""
        answer = await self._client.read(f"/api/status/{quote(job_id, safe='')}")
        return answer.fit(Job)

    async def post(self, body: Mapping[str, Any]) -> Answer:
        """Post a clip; the answer is Upload-Post's."""
        return await self._client.write("/api/social/post", body)

    async def order(self, order: ClipOrder) -> ClipJob:
        """Begin to cut clips; the file goes along as a form, piece by piece."""
        fields, headers = order_fields(order), self._gemini_header
        if order.file is not None and order.file.content is not None:
            file = _form_file(order.file, order.file.content)
            answer = await self._client.write_form(
                "/api/process", as_form(fields), [file], call=ORDER, headers=headers
            )
        else:
            link = order.link or (order.file.url if order.file else "")
            body = {"url": link, **fields}
            answer = await self._client.write("/api/process", body, call=ORDER, headers=headers)
        return await self._begun(answer)

    async def close(self) -> None:
        """Give the sockets back."""
        await self._client.close()

    async def _begun(self, answer: Answer) -> ClipJob:
        reply = answer.fit(OrderReply)
        if reply.job_id:
            expires_at = datetime.now(UTC) + await self._retention()
            state = ClipJobState.WORKING
            return ClipJob(project_id=reply.job_id, state=state, expires_at=expires_at)
        if reply.needs_confirmation:
            raise ContentRejectedError(
                f"OpenShorts asks first: {answer.words or 'the video has a low resolution.'}",
                remedy=f"Give another video, or order again with “{LOW_QUALITY.label}”.",
                excerpt=answer.excerpt,
            )
        raise answer.broken("no job id")

    async def _retention(self) -> timedelta:
        """How long the server keeps clips; the job has begun, so no trouble matters here."""
        try:
            answer = await self._client.read("/api/config")
            return timedelta(seconds=answer.fit(Config).retention)
        except ProviderError:
            return RETENTION


def _form_file(file: MediaFile, content: _Content) -> FormFile:
    return FormFile(
        field="file",
        name=file.name or "video.mp4",
        content_type=file.content_type,
        size=file.size,
        content=content,
    )
