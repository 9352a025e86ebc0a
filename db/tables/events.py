"""Everything that happened: the audit trail and the outbox."""

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, String, Table, Text, text

from db.tables.columns import Moment, RowId, metadata

events = Table(
    "events",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("server_id", BigInteger, nullable=False),
    Column("post_id", BigInteger),
    Column("kind", String(32), nullable=False),
    Column("actor_id", BigInteger),
    Column("at", Moment, nullable=False),
    Column("data", JSON, nullable=False),
    # The outbox: NULL once told, or when there is nothing to tell; else when to try (again).
    Column("tell_at", Moment),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("trouble", Text, nullable=False, server_default=""),  # why it could not be told
    Column("told_channel_id", BigInteger),  # where it was told, where a message tells it
    Column("told_message_id", BigInteger),
    Index("ix_events_post", "post_id", "id"),
    Index(
        "ix_events_outbox",
        "tell_at",
        sqlite_where=text("tell_at IS NOT NULL"),
        postgresql_where=text("tell_at IS NOT NULL"),
    ),
)
