"""Clips: which connections can cut them, and what a project of theirs holds."""

from bot.domain.clip import Clip, PostClip
from bot.domain.server import Connection
from bot.errors import ConflictError, NotFoundError
from bot.workflow import connect
from bot.workflow.desk import Desk
from providers.base import MakesClips
from providers.clips import ClipJob, ClipJobState


async def connections(desk: Desk, server_id: int) -> list[Connection]:
    """A server's connections whose services cut clips."""
    found = await connect.connections(desk, server_id)
    return [item for item in found if desk.services.capabilities(item.provider).clip_making]


async def ready(desk: Desk, *, server_id: int, connection_id: int, project_id: str) -> ClipJob:
    """A project whose clips can be published. Raises NotFoundError, ConflictError while the
    service still works on it or when it failed, and the service's ProviderError.
    """
    provider = await desk.services.of(server_id, connection_id)
    if not isinstance(provider, MakesClips):
        raise NotFoundError(
            f"{provider.capabilities.label} cuts no clips.", remedy="Choose another connection."
        )
    job = await provider.clip_job(project_id)
    if job.state is ClipJobState.WORKING:
        raise ConflictError(
            f"{project_id} is not ready. {job.reason or job.progress}".strip(),
            remedy="Try again in a minute.",
        )
    if job.state is ClipJobState.FAILED or not job.clips:
        raise ConflictError(
            f"{project_id} has no clips. {job.reason}".strip(), remedy="Have it cut again."
        )
    return job


async def find(desk: Desk, server_id: int, clip: PostClip) -> Clip:
    """The clip a post is made of, as its service tells of it now. Raises as `ready` does."""
    job = await ready(
        desk,
        server_id=server_id,
        connection_id=clip.connection_id,
        project_id=clip.ref.project_id,
    )
    found = next((item for item in job.clips if item.index == clip.ref.index), None)
    if found is None:
        raise NotFoundError(
            f"{clip.label} does not exist; it has {len(job.clips)}.", remedy="Choose another clip."
        )
    return found
