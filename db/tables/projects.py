"""What services cut clips from."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from db.tables.columns import Moment, RowId, metadata

# What services cut clips from: ordered from here, or only looked at (then ready at once).
projects = Table(
    "projects",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("server_id", BigInteger, nullable=False),
    Column(
        "connection_id",
        BigInteger,
        ForeignKey("connections.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("user_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("message_id", BigInteger),  # tells how far it is
    Column("state", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("file", JSON(none_as_null=True)),  # in the place of a link: as in `revisions.media`
    Column("query", Text, nullable=False),  # which moments to look for; empty: any
    Column("options", JSON, nullable=False),
    Column("agreed", Boolean, nullable=False),  # to what the service must have a person's word on
    Column("remote_id", String(255), nullable=False, server_default=""),
    Column("clips", JSON, nullable=False, server_default="[]"),
    Column("progress", Text, nullable=False, server_default=""),
    Column("reason", Text, nullable=False, server_default=""),
    Column("remedy", Text, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    Column("ordered_at", Moment),
    Column("expires_at", Moment),
    Column("try_at", Moment),  # when the machine takes it (again); as a lease while it has it
    Column("tries", Integer, nullable=False, server_default="0"),  # in a row, without an answer
    Column("tell_at", Moment),  # NULL: its message is true
    Column("tell_tries", Integer, nullable=False, server_default="0"),
    Index("ix_projects_recent", "server_id", "connection_id", "remote_id"),
    Index(
        "ix_projects_due",
        "state",
        "try_at",
        sqlite_where=text("try_at IS NOT NULL"),
        postgresql_where=text("try_at IS NOT NULL"),
    ),
    Index(
        "ix_projects_untold",
        "tell_at",
        sqlite_where=text("tell_at IS NOT NULL"),
        postgresql_where=text("tell_at IS NOT NULL"),
    ),
)
