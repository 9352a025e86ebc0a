"""What WayinVideo answers about a project and its clips (WayinVideo's documentation)."""

from typing import Annotated

from pydantic import Field

from bot.domain.clip import Clip
from providers.answer import EXCERPT, words
from providers.clips import ClipJob, ClipJobState
from providers.wayinvideo.models import Number, Wire, moment, web_address

_STANDS = {
    "CREATED": "It has the order.",
    "QUEUED": "It waits its turn.",
    "ONGOING": "It looks for clips.",
    "SUCCEEDED": "It renders the clips.",
}


class ClipItem(Wire):
    """One clip. One page of the documentation shows its times as texts."""

    idx: Annotated[int, Field(ge=0)]
    title: str | None = None
    desc: str | None = None
    tags: tuple[str, ...] | None = None
    begin_ms: Number = None
    end_ms: Number = None
    thumbnail: str | None = None
    score: Number = None
    export_link: str | None = None

    def clip(self) -> Clip:
        """The same in our words."""
        return Clip(
            index=self.idx,
            title=self.title or "",
            seconds=max((self.end_ms or 0) - (self.begin_ms or 0), 0) / 1000,
            caption=self.desc or "",
            tags=self.tags or (),
            score=self.score,
            thumbnail_url=web_address(self.thumbnail),
            video_url=web_address(self.export_link),
        )


class Project(Wire):
    """A project of AI Clipping or Find Moments. Its `id` is the `project_id` of a publish call."""

    id: Annotated[str, Field(min_length=1)]
    name: str | None = None
    status: str | None = None
    error_message: str | None = None
    expire_at: Number = None
    clips: tuple[ClipItem, ...] | None = None

    def job(self) -> ClipJob:
        """The same in our words; a status nobody documented means still under way.

        SUCCEEDED is not enough: the clips are rendered one after the other, and one that has no
        `export_link` yet cannot be published.
        """
        state, reason = self._state()
        clips = (item.clip() for item in self.clips or ())
        return ClipJob(
            project_id=self.id,
            state=state,
            clips=tuple(sorted(clips, key=lambda clip: clip.index)),
            name=self.name or "",
            reason=reason,
            progress=self._progress(),
            expires_at=moment(self.expire_at),
        )

    def _progress(self) -> str:
        """How far it is, and how many clips it has found."""
        status = self.status or ""
        found = len(self.clips or ())
        told = [_STANDS.get(status.upper(), status.capitalize())]
        return " ".join([*told, *[f"Found so far: {found}."] * bool(found)])

    def _state(self) -> tuple[ClipJobState, str]:
        match (self.status or "").upper():
            case "FAILED":
                said = words(self.error_message)[:EXCERPT] or "no reason given"
                return ClipJobState.FAILED, f"WayinVideo failed: {said}"
            case "SUCCEEDED":
                return self._rendered()
            case _:
                return ClipJobState.WORKING, ""

    def _rendered(self) -> tuple[ClipJobState, str]:
        if not self.clips:
            return ClipJobState.WORKING, "WayinVideo has listed no clip yet."
        missing = sum(not web_address(item.export_link) for item in self.clips)
        if not missing:
            return ClipJobState.READY, ""
        reason = f"{missing} of {len(self.clips)} clips are not exported yet."
        if missing == len(self.clips):
            reason += " They never are where the project was made without export."
        return ClipJobState.WORKING, reason


class ProjectReply(Wire):
    """The answer to an order, and to a question about a project."""

    data: Project
