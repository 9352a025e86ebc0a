"""Every table. Ids ending in `_id` that Discord gives are 64-bit; moments are UTC."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from typing_extensions import override

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; SQLite has no zones and would hand back a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a zone")
        return value.astimezone(UTC)

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite gives row ids to INTEGER primary keys only.
RowId = BigInteger().with_variant(Integer, "sqlite")

servers = Table(
    "servers",
    metadata,
    Column("server_id", BigInteger, primary_key=True, autoincrement=False),
    Column("approvals_channel_id", BigInteger),
    Column("approver_role_id", BigInteger),
    Column("zone", String(64), nullable=False, server_default="UTC"),
)

connections = Table(
    "connections",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("server_id", BigInteger, nullable=False),
    Column("provider", String(32), nullable=False),
    Column("secret", LargeBinary, nullable=False),  # the credentials as JSON, encrypted
    Column("hint", String(8), nullable=False),  # the last four characters of the key
    Column("created_by", BigInteger, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index("ix_connections_server", "server_id"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("server_id", BigInteger, nullable=False),
    Column(
        "connection_id",
        BigInteger,
        ForeignKey("connections.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("remote_id", String(255), nullable=False),
    Column("platform", String(32), nullable=False),
    Column("name", String(255), nullable=False),
    Column("username", String(255), nullable=False),
    Column("usable", Boolean, nullable=False),
    Column("refreshed_at", Moment, nullable=False),
    UniqueConstraint("connection_id", "remote_id"),
    Index("ix_accounts_server", "server_id"),
)

posts = Table(
    "posts",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("server_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("author_id", BigInteger, nullable=False),
    Column("state", String(24), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("due_at", Moment),
    Column("created_at", Moment, nullable=False),
    Column("decided_by", BigInteger),
    Column("settled_at", Moment),
    Column("card_channel_id", BigInteger),
    Column("card_message_id", BigInteger),
    Column("origin_message_id", BigInteger),
    Index("ix_posts_server", "server_id", "id"),
    Index("ix_posts_card", "card_message_id", unique=True),
    Index(
        "ix_posts_in_review",
        "due_at",
        sqlite_where=text("state = 'in_review'"),
        postgresql_where=text("state = 'in_review'"),
    ),
)

revisions = Table(
    "revisions",
    metadata,
    Column("post_id", BigInteger, ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("caption", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("media", JSON, nullable=False),  # files in order: sha256, content_type, size, filename
    Column("targets", JSON, nullable=False),  # accounts in order: account_id, options
    Column("due_at", Moment),
    Column("when_text", Text, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("created_by", BigInteger, nullable=False),
    Column("created_at", Moment, nullable=False),
)

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
    Column("content_hash", String(64), nullable=False),
    Column("state", String(24), nullable=False),
    Column("due_at", Moment, nullable=False),  # what was promised
    Column("try_at", Moment, nullable=False),  # when the machine takes it (again)
    Column("tried_since", Moment),  # the first attempt: the budget of retries counts from here
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("attempt_id", BigInteger, ForeignKey("attempts.id")),
    Column("lease_until", Moment),
    Column("submitted_at", Moment),
    Column("poll_at", Moment),
    Column("remote_id", String(255), nullable=False, server_default=""),
    Column("link", Text, nullable=False, server_default=""),
    Column("reason", Text, nullable=False, server_default=""),
    Column("remedy", Text, nullable=False, server_default=""),
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
)

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
    Index("ix_events_post", "post_id", "id"),
    Index(
        "ix_events_outbox",
        "tell_at",
        sqlite_where=text("tell_at IS NOT NULL"),
        postgresql_where=text("tell_at IS NOT NULL"),
    ),
)
