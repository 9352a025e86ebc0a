"""What the simulated Upload-Post keeps beside publications: uploads, profiles, links; in SQLite."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sandbox.services.drawer import Drawer


@dataclass(kw_only=True, slots=True)
class Upload:
    """One accepted upload; times are UTC, in ISO 8601.

    `sources` are addresses to fetch, or files that came with the form (name on the shelf and
    content type); `covers` are pictures on the shelf, by their fields. A scheduled one has a `job_id`, and is `done` when its posts were begun.
    """

    request_id: str
    kind: str
    profile: str
    platforms: list[str]
    fields: list[tuple[str, str]]
    sources: list[str] = field(default_factory=list[str])
    files: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    covers: dict[str, str] = field(default_factory=dict[str, str])
    key: str
    made_at: str
    job_id: str = ""
    at: str = ""
    done: bool = False
    answer: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def due(self) -> datetime:
        """When it is to be published."""
        return datetime.fromisoformat(self.at or self.made_at)

    @property
    def title(self) -> str:
        """Its default text."""
        return self.value("title")

    def value(self, *names: str) -> str:
        """The first of some fields that was given."""
        given = dict(self.fields)
        return next((given[name] for name in names if given.get(name)), "")


class Store(Drawer):
    """Uploads and what else is kept; every change is on disk when the call returns."""

    def keep(self, upload: Upload) -> None:
        """Add an upload or store its new state."""
        self.put("upload", upload.request_id, asdict(upload))

    def uploads(self) -> list[Upload]:
        """All uploads, oldest first."""
        return [_upload(body) for body in self.all("upload").values()]

    def upload(self, *, request_id: str = "", job_id: str = "") -> Upload | None:
        """An upload by the id of its request or of its job."""
        for upload in self.uploads():
            if (request_id and upload.request_id == request_id) or (
                job_id and upload.job_id == job_id
            ):
                return upload
        return None


def _upload(body: dict[str, Any]) -> Upload:
    upload = Upload(**body)
    upload.fields = [(name, value) for name, value in upload.fields]
    upload.files = [(name, content_type) for name, content_type in upload.files]
    return upload
