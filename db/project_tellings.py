"""Which projects are to be told (again): the message of each shows how far it is."""

from datetime import datetime

from sqlalchemy import ColumnElement, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.project import Project
from db.projects import from_row
from db.tables import projects

_UNTOLD = text("tell_at IS NOT NULL")  # a literal, for the partial index


async def claim_untold(
    connection: AsyncConnection, *, now: datetime, lease_until: datetime, limit: int
) -> list[Project]:
    """Take projects whose message is not true; each has the lease as its `tell_at`."""
    chosen = (
        select(projects.c.id)
        .where(_UNTOLD, projects.c.tell_at <= now)
        .order_by(projects.c.tell_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(projects)
        .where(projects.c.id.in_(chosen))
        .values(tell_at=lease_until, tell_tries=projects.c.tell_tries + 1)
        .returning(projects)
    )
    return [from_row(row) for row in (await connection.execute(statement)).mappings()]


async def told(connection: AsyncConnection, project: Project, *, message_id: int | None) -> None:
    """The message of a project was true as it was taken; what came since is still to be told."""
    await connection.execute(
        update(projects)
        .where(*_is(project), projects.c.tell_at == project.tell_at)
        .values(tell_at=None, tell_tries=0)
    )
    await connection.execute(update(projects).where(*_is(project)).values(message_id=message_id))


async def tell_again(connection: AsyncConnection, project: Project, at: datetime) -> None:
    """Tell of a project later: it could not be told now."""
    await connection.execute(
        update(projects)
        .where(*_is(project), projects.c.tell_at == project.tell_at)
        .values(tell_at=at)
    )


async def release(connection: AsyncConnection, *, now: datetime) -> None:
    """Tell at once what a process that died was about to tell."""
    await connection.execute(update(projects).where(_UNTOLD).values(tell_at=now))


def _is(project: Project) -> list[ColumnElement[bool]]:
    return [projects.c.id == project.id, projects.c.server_id == project.server_id]
