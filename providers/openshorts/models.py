"""What an OpenShorts server answers (seed 001 as corrected by the real server), read tolerantly."""

from typing import Any
from urllib.parse import urljoin

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.clip import Clip
from bot.domain.platform import Platform
from providers.clips import ClipJob, ClipJobState


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, frozen=True)


class Profile(_Wire):
    """One item of `GET /api/social/user`."""

    username: str = Field(min_length=1)
    connected: list[str] | None = None

    @property
    def platforms(self) -> list[Platform]:
        """The connected platforms that Copydesk knows."""
        return [Platform(name) for name in self.connected or [] if name in list(Platform)]


class ProfileList(_Wire):
    """The answer of `GET /api/social/user`; without profiles it also holds an `error`."""

    profiles: list[Profile]


class JobClip(_Wire):
    """One clip of a job. There is no `title`, whatever the examples of seed 001 say."""

    start: float | None = None
    end: float | None = None
    video_title_for_youtube_short: str | None = None
    video_description_for_tiktok: str | None = None
    video_description_for_instagram: str | None = None
    viral_hook_text: str | None = None
    video_url: str | None = None

    def clip(self, index: int, server: str) -> Clip:
        """The clip at its place in the job; addresses of videos are relative to the server."""
        title = self.video_title_for_youtube_short or ""
        tiktok = self.video_description_for_tiktok or ""
        instagram = self.video_description_for_instagram or ""
        return Clip(
            index=index,
            title=title or self.viral_hook_text or f"Clip {index + 1}",
            seconds=max((self.end or 0) - (self.start or 0), 0),
            caption=instagram or tiktok,
            video_url=urljoin(f"{server}/", self.video_url) if self.video_url else "",
            texts={
                Platform.TIKTOK: ("", tiktok or instagram),
                Platform.INSTAGRAM: ("", instagram or tiktok),
                # What OpenShorts itself puts under a Short.
                Platform.YOUTUBE: (title, instagram or tiktok),
            },
        )


class JobResult(_Wire):
    """The clips of a job: until it is completed only those that are done, at other places."""

    clips: list[JobClip] | None = None


class Job(_Wire):
    """The answer of `GET /api/status/{job_id}`."""

    status: str
    logs: list[str] | None = None
    result: JobResult | None = None

    @property
    def state(self) -> ClipJobState:
        """How far it is; `queued`, `processing` and words nobody documented are work."""
        match self.status.lower():
            case "completed":
                return ClipJobState.READY
            case "failed":
                return ClipJobState.FAILED
            case _:
                return ClipJobState.WORKING

    @property
    def clips(self) -> list[JobClip]:
        """All clips in their places; none before the job is completed."""
        if self.state is not ClipJobState.READY or self.result is None:
            return []
        return self.result.clips or []

    @property
    def reason(self) -> str:
        """Why it failed: the line that says so, before the one with the exit code."""
        lines = [line.strip() for line in self.logs or []]
        marked = [line.lstrip("❌ ") for line in lines if line.startswith("❌")]
        return (marked or lines or ["no reason given"])[-1]

    def clip_job(self, job_id: str, server: str) -> ClipJob:
        """The same in our words."""
        return ClipJob(
            project_id=job_id,
            state=self.state,
            clips=tuple(clip.clip(index, server) for index, clip in enumerate(self.clips)),
            reason=self.reason if self.state is ClipJobState.FAILED else "",
            progress=self._progress(),
        )

    def _progress(self) -> str:
        """How far it is: the newest line of its log, which of one that is queued is only its id."""
        is_queued = self.status.lower() == "queued"
        return "It waits its turn." if is_queued else (self.logs or [""])[-1]


class OrderReply(_Wire):
    """The answer of `POST /api/process`: a job, or a question instead of one."""

    job_id: str | None = None
    needs_confirmation: bool | None = None
    message: Any = None


class Config(_Wire):
    """What matters of `GET /api/config`; seconds."""

    retention: float = Field(alias="jobRetentionSeconds", gt=0)
