"""Queries of the table `templates`."""

from datetime import datetime

from sqlalchemy import RowMapping, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.post import Revision
from bot.domain.template import Template
from bot.domain.times import Timing
from db.revisions import COVER, MEDIA, TARGETS
from db.tables import templates


async def find(connection: AsyncConnection, *, server_id: int) -> list[Template]:
    """A server's templates, by name."""
    statement = (
        select(templates).where(templates.c.server_id == server_id).order_by(templates.c.name)
    )
    return [_from_row(row) for row in (await connection.execute(statement)).mappings()]


async def get(connection: AsyncConnection, *, server_id: int, name: str) -> Template | None:
    """The template of a name, or None."""
    statement = select(templates).where(
        templates.c.server_id == server_id, templates.c.name == name
    )
    row = (await connection.execute(statement)).mappings().one_or_none()
    return _from_row(row) if row else None


async def count(connection: AsyncConnection, *, server_id: int, besides: str) -> int:
    """How many templates a server has beside the one of a name."""
    statement = (
        select(func.count())
        .select_from(templates)
        .where(templates.c.server_id == server_id, templates.c.name != besides)
    )
    return (await connection.execute(statement)).scalar_one()


async def save(
    connection: AsyncConnection,
    *,
    server_id: int,
    name: str,
    content: Revision,
    user_id: int,
    now: datetime,
) -> None:
    """Keep a template under its name, in the place of the one that had it."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    kept = {
        "caption": content.caption,
        "title": content.title,
        "media": MEDIA.dump_python(content.media, mode="json"),
        "targets": TARGETS.dump_python(content.targets, mode="json"),
        "when_text": content.when_text,
        "timing": content.timing,
        "cover": COVER.dump_python(content.cover, mode="json"),
        "created_by": user_id,
        "created_at": now,
    }
    statement = insert(templates).values(server_id=server_id, name=name, **kept)
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=[templates.c.server_id, templates.c.name], set_=kept
        )
    )


async def remove(connection: AsyncConnection, *, server_id: int, name: str) -> bool:
    """Forget a template; False when there is none of this name."""
    statement = delete(templates).where(
        templates.c.server_id == server_id, templates.c.name == name
    )
    return (await connection.execute(statement)).rowcount == 1


def _from_row(row: RowMapping) -> Template:
    content = Revision(
        number=1,
        caption=row["caption"],
        title=row["title"],
        media=MEDIA.validate_python(row["media"]),
        targets=TARGETS.validate_python(row["targets"]),
        due_at=None,
        when_text=row["when_text"],
        zone="",
        timing=Timing(row["timing"]),
        cover=COVER.validate_python(row["cover"]),
    )
    return Template(
        id=row["id"],
        server_id=row["server_id"],
        name=row["name"],
        content=content,
        created_by=row["created_by"],
    )
