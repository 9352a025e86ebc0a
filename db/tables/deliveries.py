"""What the machine works on: calls to services, and the deliveries they carry."""

from sqlalchemy import (
    JSON,
    BigInteger,
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

attempts = Table(
    "attempts",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("server_id", BigInteger, nullable=False),
    Column("post_id", BigInteger, ForeignKey("posts.id", ondelete="CASCADE"), nullable=False),
    Column("connection_id", BigInteger, nullable=False),
    Column("key", String(128), nullable=False),  # names the intent at a service that can tell
    Column("started_at", Moment, nullable=False),
    Column("lease_until", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("outcome", String(32)),
    Column("detail", Text, nullable=False, server_default=""),  # redacted
    Index("ix_attempts_post", "post_id"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("server_id", BigInteger, nullable=False),
    Column("post_id", BigInteger, ForeignKey("posts.id", ondelete="CASCADE"), nullable=False),
    Column("account_id", BigInteger, ForeignKey("accounts.id"), nullable=False),
    Column("connection_id", BigInteger, ForeignKey("connections.id"), nullable=False),
    Column("provider", String(32), nullable=False),
    Column("remote_account_id", String(255), nullable=False),
    Column("platform", String(32), nullable=False),
    Column("name", String(255), nullable=False),
    Column("options", JSON, nullable=False),
    Column("backup", JSON(none_as_null=True)),  # a second account, used after a definite refusal
    Column("content_hash", String(64), nullable=False),
    Column("state", String(24), nullable=False),
    Column("due_at", Moment, nullable=False),  # what was promised
    Column("try_at", Moment, nullable=False),  # when the machine takes it (again)
    Column("timing", String(8), nullable=False, server_default="here"),
    Column("tried_since", Moment),  # the first attempt: the budget of retries counts from here
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("round", Integer, nullable=False, server_default="0"),  # how often people began anew
    Column("failures", Integer, nullable=False, server_default="0"),  # to read it, in a row
    Column("attempt_id", BigInteger, ForeignKey("attempts.id")),
    Column("lease_until", Moment),
    Column("submitted_at", Moment),
    Column("poll_at", Moment),
    Column("remote_id", String(255), nullable=False, server_default=""),
    Column("link", Text, nullable=False, server_default=""),
    Column("reason", Text, nullable=False, server_default=""),
    Column("remedy", Text, nullable=False, server_default=""),
    Column("takeover", Text, nullable=False, server_default=""),  # why its backup has it
    Index("ix_deliveries_post", "post_id"),
    Index(
        "ix_deliveries_due",
        "try_at",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(
        "ix_deliveries_lease",
        "lease_until",
        sqlite_where=text("state = 'submitting'"),
        postgresql_where=text("state = 'submitting'"),
    ),
    Index(
        "ix_deliveries_poll",
        "poll_at",
        sqlite_where=text("poll_at IS NOT NULL"),
        postgresql_where=text("poll_at IS NOT NULL"),
    ),
    Index(
        "ix_deliveries_troubled",
        "server_id",
        "due_at",
        sqlite_where=text("state IN ('failed', 'unknown', 'missed')"),
        postgresql_where=text("state IN ('failed', 'unknown', 'missed')"),
    ),
)
