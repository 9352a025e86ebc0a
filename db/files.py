"""Queries of the table `files`: which files are kept, and when something last needed each."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.media import Media
from bot.domain.post import PostState
from bot.domain.project import ProjectState
from db.tables import files, posts, projects, revisions, templates

_BEFORE_THEY_ARE_CUT = [
    ProjectState.DRAFT,
    ProjectState.WAITING,
    ProjectState.PREPARING,
    ProjectState.ORDERING,
]
_BY_PEOPLE = [PostState.DRAFT, PostState.IN_REVIEW, PostState.CHANGES_REQUESTED]


async def keep(connection: AsyncConnection, *, server_id: int, media: Media, now: datetime) -> None:
    """Write down that a file is kept, and needed now.

    Where `sweep` is removing it at this moment, this waits until it is gone: whether its bytes are
    there is to be asked after this was committed.
    """
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(files).values(
        server_id=server_id, sha256=media.sha256, extension=media.extension, needed_at=now
    )
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=[files.c.server_id, files.c.sha256], set_={"needed_at": now}
        )
    )


async def need(
    connection: AsyncConnection, needed: Collection[tuple[int, str]], *, now: datetime
) -> None:
    """Note that these files, each by its server and its hash, are needed now."""
    if needed:
        await connection.execute(
            update(files)
            .where(tuple_(files.c.server_id, files.c.sha256).in_(sorted(needed)))
            .values(needed_at=now)
        )


async def need_for_posts(
    connection: AsyncConnection, post_ids: Sequence[int], hashes: Collection[str], *, now: datetime
) -> None:
    """Note that posts, whichever of these, need files of their servers now."""
    if hashes:
        servers = select(posts.c.server_id).where(posts.c.id.in_(post_ids))
        await connection.execute(
            update(files)
            .where(files.c.server_id.in_(servers), files.c.sha256.in_(sorted(hashes)))
            .values(needed_at=now)
        )


async def of_posts(
    connection: AsyncConnection, *, after: int, limit: int
) -> tuple[set[tuple[int, str]], int | None]:
    """The files that posts need which are not done, or which others of a series follow: those of
    the next `limit` such posts with a higher id, and the id to go on after, None at the end.
    """
    numbers = or_(revisions.c.number == posts.c.revision, revisions.c.number == posts.c.pattern)
    is_needed = or_(
        posts.c.state.in_(_BY_PEOPLE),
        (posts.c.state == PostState.APPROVED) & posts.c.settled_at.is_(None),
        posts.c.pattern.is_not(None),
    )
    page = select(posts.c.id).where(posts.c.id > after, is_needed).order_by(posts.c.id).limit(limit)
    ids = (await connection.execute(page)).scalars().all()
    if not ids:
        return set(), None
    rows = await connection.execute(
        select(posts.c.server_id, revisions.c.media, revisions.c.cover)
        .join(revisions, (revisions.c.post_id == posts.c.id) & numbers)
        .where(posts.c.id.in_(ids))
    )
    return _named(rows.all()), ids[-1]


async def of_others(connection: AsyncConnection) -> set[tuple[int, str]]:
    """The files that templates hold, and those that clips are to be cut from."""
    rows = await connection.execute(
        select(templates.c.server_id, templates.c.media, templates.c.cover)
    )
    orders = await connection.execute(
        select(projects.c.server_id, projects.c.file).where(
            projects.c.file.is_not(None), projects.c.state.in_(_BEFORE_THEY_ARE_CUT)
        )
    )
    return _named(rows.all()) | {(server_id, file["sha256"]) for server_id, file in orders}


async def sweep(
    connection: AsyncConnection, *, before: datetime, limit: int
) -> Sequence[Row[int, str, str]]:
    """Forget some files that nothing has needed since before a moment: server, hash, extension."""
    old = (
        select(files.c.server_id, files.c.sha256)
        .where(files.c.needed_at < before)
        .order_by(files.c.needed_at)
        .limit(limit)
    )
    if connection.dialect.name == "postgresql":
        old = old.with_for_update(skip_locked=True)
    statement = (
        delete(files)
        .where(tuple_(files.c.server_id, files.c.sha256).in_(old), _is_old(before))
        .returning(files.c.server_id, files.c.sha256, files.c.extension)
    )
    return (await connection.execute(statement)).all()


def _is_old(before: datetime) -> ColumnElement[bool]:
    return files.c.needed_at < before


def _named(rows: Iterable[Row[int, Any, Any]]) -> set[tuple[int, str]]:
    """The files in rows of a server, its media and its cover."""
    found: set[tuple[int, str]] = set()
    for row in rows:
        server_id, media, cover = row
        found |= {(server_id, item["sha256"]) for item in media}
        if cover:
            found.add((server_id, cover["picture"]["sha256"]))
    return found
