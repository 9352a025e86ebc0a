"""How Upload-Post's accounts and submissions are named here.

An account is one platform of one profile: `profile/platform`. A submission is known by the id of
its request (published now) or of its job (scheduled): `request:<id>`, `job:<id>`, with `draft-`
before it where the post only goes to the creator's drafts, which no answer tells.
"""

from dataclasses import dataclass
from typing import Any, Literal

from bot.domain.platform import Platform


@dataclass(frozen=True, slots=True)
class UploadRef:
    """A submission as Upload-Post knows it."""

    kind: Literal["request", "job"]
    id: str
    draft: bool = False

    def __str__(self) -> str:
        return f"{'draft-' if self.draft else ''}{self.kind}:{self.id}"

    @property
    def question(self) -> dict[str, str]:
        """The parameter that names it: `request_id` or `job_id`."""
        return {f"{self.kind}_id": self.id}


def read_ref(remote_id: str) -> UploadRef:
    """The submission behind a remote id; a bare id is a request's, as OpenShorts' seed 001 has it."""
    kind, found, rest = remote_id.partition(":")
    draft = kind.startswith("draft-")
    match kind.removeprefix("draft-"):
        case "job" if found:
            return UploadRef("job", rest, draft)
        case "request" if found:
            return UploadRef("request", rest, draft)
        case _:
            return UploadRef("request", remote_id)


def account_id(profile: str, platform: Platform) -> str:
    """The remote id of an account."""
    return f"{profile}/{platform}"


def profile_of(remote_id: str) -> str:
    """The profile of an account."""
    return remote_id.rpartition("/")[0] or remote_id


def platform_of(name: Any) -> Platform | None:
    """The platform Upload-Post calls so; None for one Copydesk does not know."""
    named = {"twitter": "x"}.get(str(name).lower(), str(name).lower())
    return Platform(named) if named in list(Platform) else None
