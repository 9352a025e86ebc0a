"""Files that are kept, so that those nothing needs any more can be removed

Revision ID: 0009
After: 0008
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "video/x-m4v": "m4v",
    "video/x-msvideo": "avi",
}
POSTS = sa.table("posts", sa.column("id"), sa.column("server_id"))
REVISIONS = sa.table("revisions", sa.column("post_id"), sa.column("media", sa.JSON()))
AT_ONCE = 1000


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "files",
        sa.Column("server_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("extension", sa.String(length=8), nullable=False),
        sa.Column("needed_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("server_id", "sha256", name=op.f("pk_files")),
    )
    op.create_index("ix_files_needed", "files", ["needed_at"])
    files = sa.table(
        "files",
        sa.column("server_id"),
        sa.column("sha256"),
        sa.column("extension"),
        sa.column("needed_at", moment),
    )
    rows = op.get_bind().execute(
        sa.select(POSTS.c.server_id, REVISIONS.c.media).join(
            REVISIONS, REVISIONS.c.post_id == POSTS.c.id
        )
    )
    kept = {
        (server_id, item["sha256"]): EXTENSIONS[item["content_type"]]
        for server_id, media in rows
        for item in media
    }
    now = datetime.now(UTC)
    values = [
        {"server_id": server_id, "sha256": sha256, "extension": extension, "needed_at": now}
        for (server_id, sha256), extension in kept.items()
    ]
    for start in range(0, len(values), AT_ONCE):
        op.bulk_insert(files, values[start : start + AT_ONCE])
