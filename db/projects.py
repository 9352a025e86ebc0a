"""Queries of the table `projects`: what people order, choose and look at."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.clip import Clip
from bot.domain.media import Media
from bot.domain.project import Project, ProjectState
from db.tables import projects

_FILE = TypeAdapter(Media | None)
CLIPS = TypeAdapter(tuple[Clip, ...])


async def insert(
    connection: AsyncConnection,
    *,
    server_id: int,
    connection_id: int,
    user_id: int,
    channel_id: int,
    state: ProjectState,
    now: datetime,
    link: str = "",
    file: Media | None = None,
    name: str = "",
    query: str = "",
    remote_id: str = "",
    clips: Sequence[Clip] = (),
    expires_at: datetime | None = None,
    until: datetime | None = None,
) -> Project:
    """Keep a new project; a draft is forgotten when nobody has ordered it by `until` (UTC)."""
    statement = projects.insert().values(
        server_id=server_id,
        connection_id=connection_id,
        user_id=user_id,
        channel_id=channel_id,
        state=state,
        created_at=now,
        link=link,
        file=_FILE.dump_python(file, mode="json"),
        name=name,
        query=query,
        options={},
        agreed=False,
        remote_id=remote_id,
        clips=CLIPS.dump_python(tuple(clips), mode="json"),
        expires_at=expires_at,
        try_at=until,
    )
    row = (await connection.execute(statement.returning(projects))).mappings().one()
    return from_row(row)


async def get(connection: AsyncConnection, *, server_id: int, project_id: int) -> Project | None:
    """One project of a server by our own number, or None."""
    statement = select(projects).where(
        projects.c.id == project_id, projects.c.server_id == server_id
    )
    row = (await connection.execute(statement)).mappings().one_or_none()
    return from_row(row) if row else None


async def find(
    connection: AsyncConnection, *, server_id: int, connection_id: int, remote_id: str
) -> Project | None:
    """A project of a connection by its service's name for it, or None."""
    statement = (
        select(projects)
        .where(projects.c.server_id == server_id, projects.c.connection_id == connection_id)
        .where(projects.c.remote_id == remote_id)
        .order_by(projects.c.id.desc())
        .limit(1)
    )
    row = (await connection.execute(statement)).mappings().one_or_none()
    return from_row(row) if row else None


async def recent(
    connection: AsyncConnection, *, server_id: int, connection_id: int | None, limit: int
) -> list[Project]:
    """A server's projects that their services know, newest first."""
    statement = select(projects).where(projects.c.server_id == server_id)
    if connection_id is not None:
        statement = statement.where(projects.c.connection_id == connection_id)
    statement = statement.where(projects.c.remote_id != "").order_by(projects.c.id.desc())
    rows = (await connection.execute(statement.limit(limit))).mappings()
    return [from_row(row) for row in rows]


async def choose(
    connection: AsyncConnection, project: Project, *, options: Mapping[str, str]
) -> bool:
    """Change what was chosen for a draft; False when it is none any more, or was changed since."""
    statement = (
        update(projects)
        .where(projects.c.id == project.id, projects.c.server_id == project.server_id)
        .where(projects.c.state == ProjectState.DRAFT)
        .values(options=dict(options))
    )
    return (await connection.execute(statement)).rowcount == 1


async def order(connection: AsyncConnection, project: Project, *, now: datetime) -> bool:
    """Have a draft ordered, with the word of whoever asks; False when it is none any more."""
    statement = (
        update(projects)
        .where(projects.c.id == project.id, projects.c.server_id == project.server_id)
        .where(projects.c.state == ProjectState.DRAFT)
        .values(state=ProjectState.WAITING, agreed=True, try_at=now, tell_at=now)
    )
    return (await connection.execute(statement)).rowcount == 1


async def discard(connection: AsyncConnection, project: Project) -> bool:
    """Delete a draft; False when it is none any more."""
    statement = delete(projects).where(
        projects.c.id == project.id,
        projects.c.server_id == project.server_id,
        projects.c.state == ProjectState.DRAFT,
    )
    return (await connection.execute(statement)).rowcount == 1


async def remember(connection: AsyncConnection, project: Project) -> None:
    """Write down what a service says of a project that is ready, as it was read again."""
    await connection.execute(
        update(projects)
        .where(projects.c.id == project.id, projects.c.server_id == project.server_id)
        .values(
            clips=CLIPS.dump_python(project.clips, mode="json"),
            name=project.name,
            expires_at=project.expires_at,
        )
    )


def from_row(row: RowMapping) -> Project:
    """The project in a row."""
    return Project(
        id=row["id"],
        server_id=row["server_id"],
        connection_id=row["connection_id"],
        user_id=row["user_id"],
        channel_id=row["channel_id"],
        state=ProjectState(row["state"]),
        created_at=row["created_at"],
        link=row["link"],
        file=_FILE.validate_python(row["file"]),
        name=row["name"],
        query=row["query"],
        options=row["options"],
        agreed=row["agreed"],
        remote_id=row["remote_id"],
        clips=CLIPS.validate_python(row["clips"]),
        progress=row["progress"],
        reason=row["reason"],
        remedy=row["remedy"],
        ordered_at=row["ordered_at"],
        expires_at=row["expires_at"],
        tries=row["tries"],
        message_id=row["message_id"],
        tell_at=row["tell_at"],
        tell_tries=row["tell_tries"],
    )
