"""Clips: which connections can cut them, and what their projects hold."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

import db.projects
from bot.domain.clip import Clip, PostClip
from bot.domain.project import Project, ProjectState
from bot.domain.server import Connection
from bot.errors import ConflictError, NotFoundError
from bot.workflow import connect
from bot.workflow.desk import Desk
from providers.base import MakesClips
from providers.clips import ClipJob, ClipJobState

LONGEST_ID = 60
"""Characters of a service's name for a project that a form can carry; the real ones have 36."""

LISTED = 100
"""Projects among which autocomplete looks."""


async def connections(desk: Desk, server_id: int) -> list[Connection]:
    """A server's connections whose services cut clips."""
    found = await connect.connections(desk, server_id)
    return [item for item in found if desk.services.capabilities(item.provider).clip_making]


async def recent(desk: Desk, server_id: int, connection_id: int | None) -> list[Project]:
    """A server's newest projects, at one connection or at all."""
    async with desk.database.reading() as reading:
        return await db.projects.recent(
            reading, server_id=server_id, connection_id=connection_id, limit=LISTED
        )


async def get(desk: Desk, *, server_id: int, project_id: int) -> Project:
    """A project by our own number; raises NotFoundError."""
    async with desk.database.reading() as reading:
        found = await db.projects.get(reading, server_id=server_id, project_id=project_id)
    if found is None:
        raise NotFoundError("These clips are gone.", remedy="Look them up with /post clip.")
    return found


async def ready(
    desk: Desk, *, server_id: int, connection_id: int, remote_id: str, user_id: int, channel_id: int
) -> Project:
    """A project whose clips can be published, read from its service and kept for the next time.

    Raises NotFoundError, ConflictError while the service still works on it or when it failed, and
    the service's ProviderError.
    """
    if len(remote_id) > LONGEST_ID:
        raise NotFoundError(
            f"“{remote_id[:40]}…” is no project.", remedy="Paste its id as its service shows it."
        )
    job = await _job(desk, server_id, connection_id, remote_id)
    async with desk.database.transaction() as transaction:
        known = await db.projects.find(
            transaction, server_id=server_id, connection_id=connection_id, remote_id=remote_id
        )
        if known is None or known.state not in (ProjectState.READY, ProjectState.WORKING):
            return await db.projects.insert(
                transaction,
                server_id=server_id,
                connection_id=connection_id,
                user_id=user_id,
                channel_id=channel_id,
                state=ProjectState.READY,
                name=job.name,
                remote_id=remote_id,
                clips=job.clips,
                expires_at=job.expires_at,
                now=desk.now(),
            )
        read = replace(
            known,
            state=ProjectState.READY,
            clips=job.clips,
            name=known.name or job.name,
            expires_at=job.expires_at or known.expires_at,
        )
        await db.projects.remember(transaction, read)
    return read


async def _job(desk: Desk, server_id: int, connection_id: int, remote_id: str) -> ClipJob:
    provider = await desk.services.of(server_id, connection_id)
    if not isinstance(provider, MakesClips):
        raise NotFoundError(
            f"{provider.capabilities.label} cuts no clips.", remedy="Choose another connection."
        )
    job = await provider.clip_job(remote_id)
    if job.state is ClipJobState.WORKING:
        raise ConflictError(
            f"{remote_id} is not ready. {job.reason or job.progress}".strip(),
            remedy="Try again in a minute.",
        )
    if job.state is ClipJobState.FAILED or not job.clips:
        raise ConflictError(
            f"{remote_id} has no clips. {job.reason}".strip(), remedy="Have it cut again."
        )
    return job


async def find(desk: Desk, server_id: int, clip: PostClip) -> Clip:
    """The clip a post is made of, as its service tells of it now. Raises as `ready` does."""
    job = await _job(desk, server_id, clip.connection_id, clip.ref.project_id)
    found = next((item for item in job.clips if item.index == clip.ref.index), None)
    if found is None:
        raise NotFoundError(
            f"{clip.label} does not exist; it has {len(job.clips)}.", remedy="Choose another clip."
        )
    return found


async def known(connection: AsyncConnection, server_id: int, clip: PostClip) -> Clip | None:
    """The clip a post is made of, as it was read last; None where it never was."""
    project = await db.projects.find(
        connection,
        server_id=server_id,
        connection_id=clip.connection_id,
        remote_id=clip.ref.project_id,
    )
    clips = project.clips if project else ()
    return next((item for item in clips if item.index == clip.ref.index), None)
