"""Queries of the table `revisions`, and the shape in which it keeps files and targets."""

from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.media import Media
from bot.domain.post import Revision, Target
from db.tables import revisions

_MEDIA = TypeAdapter(tuple[Media, ...])
_TARGETS = TypeAdapter(tuple[Target, ...])


async def insert(
    connection: AsyncConnection,
    *,
    post_id: int,
    revision: Revision,
    created_by: int,
    now: datetime,
) -> None:
    """Keep a revision under its number."""
    await connection.execute(
        revisions.insert().values(
            post_id=post_id,
            number=revision.number,
            created_by=created_by,
            created_at=now,
            **_columns(revision),
        )
    )


async def rewrite(connection: AsyncConnection, *, post_id: int, revision: Revision) -> None:
    """Replace the content of a draft, which nobody was asked about yet."""
    await connection.execute(
        revisions.update()
        .where(revisions.c.post_id == post_id, revisions.c.number == revision.number)
        .values(**_columns(revision))
    )


def _columns(revision: Revision) -> dict[str, Any]:
    return {
        "caption": revision.caption,
        "title": revision.title,
        "media": _MEDIA.dump_python(revision.media, mode="json"),
        "targets": _TARGETS.dump_python(revision.targets, mode="json"),
        "due_at": revision.due_at,
        "when_text": revision.when_text,
        "zone": revision.zone,
        "digest": revision.digest(),
    }


def from_row(row: RowMapping) -> Revision:
    """The revision in a row that has its columns, its `due_at` labelled `promised_at`."""
    return Revision(
        number=row["number"],
        caption=row["caption"],
        title=row["title"],
        media=_MEDIA.validate_python(row["media"]),
        targets=_TARGETS.validate_python(row["targets"]),
        due_at=row["promised_at"],
        when_text=row["when_text"],
        zone=row["zone"],
    )
