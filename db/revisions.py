"""Queries of the table `revisions`, and the shape in which it keeps files and targets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.clip import PostClip
from bot.domain.cover import Cover
from bot.domain.media import Media
from bot.domain.post import Revision, Target
from bot.domain.times import Timing
from db import files
from db.tables import posts, revisions

MEDIA = TypeAdapter(tuple[Media, ...])
_CLIP = TypeAdapter(PostClip | None)
COVER = TypeAdapter(Cover | None)
TARGETS = TypeAdapter(tuple[Target, ...])


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A revision, who made it and when (UTC)."""

    content: Revision
    by: int
    at: datetime


async def find(connection: AsyncConnection, *, server_id: int, post_id: int) -> list[Kept]:
    """Every revision of a server's post, oldest first."""
    statement = (
        select(revisions, revisions.c.due_at.label("promised_at"))
        .join(posts, posts.c.id == revisions.c.post_id)
        .where(revisions.c.post_id == post_id, posts.c.server_id == server_id)
        .order_by(revisions.c.number)
    )
    return [
        Kept(content=from_row(row), by=row["created_by"], at=row["created_at"])
        for row in (await connection.execute(statement)).mappings()
    ]


async def insert(
    connection: AsyncConnection,
    *,
    post_id: int,
    revision: Revision,
    created_by: int,
    now: datetime,
) -> None:
    """Keep a revision under its number."""
    await insert_all(connection, [(post_id, revision, created_by)], now=now)


async def insert_all(
    connection: AsyncConnection, kept: Sequence[tuple[int, Revision, int]], *, now: datetime
) -> None:
    """Keep revisions under their numbers: (post id, revision, who made it)."""
    await connection.execute(
        revisions.insert(),
        [
            {
                "post_id": post_id,
                "number": revision.number,
                "created_by": created_by,
                "created_at": now,
                **_columns(revision),
            }
            for post_id, revision, created_by in kept
        ],
    )
    needed = {media.sha256 for _, revision, _ in kept for media in revision.files}
    await files.need_for_posts(connection, [post_id for post_id, *_ in kept], needed, now=now)


async def rewrite(connection: AsyncConnection, *, post_id: int, revision: Revision) -> None:
    """Replace the content of a draft, which nobody was asked about yet."""
    await connection.execute(
        revisions.update()
        .where(revisions.c.post_id == post_id, revisions.c.number == revision.number)
        .values(**_columns(revision))
    )


async def written_by(connection: AsyncConnection, post_id: int, number: int) -> int:
    """Who made a revision."""
    statement = select(revisions.c.created_by).where(
        revisions.c.post_id == post_id, revisions.c.number == number
    )
    return (await connection.execute(statement)).scalar_one()


def _columns(revision: Revision) -> dict[str, Any]:
    return {
        "caption": revision.caption,
        "title": revision.title,
        "media": MEDIA.dump_python(revision.media, mode="json"),
        "clip": _CLIP.dump_python(revision.clip, mode="json"),
        "targets": TARGETS.dump_python(revision.targets, mode="json"),
        "due_at": revision.due_at,
        "when_text": revision.when_text,
        "zone": revision.zone,
        "timing": revision.timing,
        "repeats": revision.repeats,
        "cover": COVER.dump_python(revision.cover, mode="json"),
        "digest": revision.digest(),
    }


def from_row(row: RowMapping) -> Revision:
    """The revision in a row that has its columns, its `due_at` labelled `promised_at`."""
    return Revision(
        number=row["number"],
        caption=row["caption"],
        title=row["title"],
        media=MEDIA.validate_python(row["media"]),
        targets=TARGETS.validate_python(row["targets"]),
        due_at=row["promised_at"],
        when_text=row["when_text"],
        zone=row["zone"],
        timing=Timing(row["timing"]),
        repeats=row["repeats"],
        clip=_CLIP.validate_python(row["clip"]),
        cover=COVER.validate_python(row["cover"]),
    )
