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
    false,
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
    Column("fallback_channel_id", BigInteger),  # where is told what can be told nowhere else
    Column("late_minutes", Integer, nullable=False, server_default="15"),
    Column("timing", String(8), nullable=False, server_default="here"),
    Column("slots", Text, nullable=False, server_default=""),  # one a line: "tue 09:00"
    Column("failover", Boolean, nullable=False, server_default=false()),
    Column("approval", JSON, nullable=False, server_default="{}"),  # the rules; {}: the usual ones
    Column("marks", Text, nullable=False, server_default=""),  # the reactions that vote; "": usual
    Column("closed", Text, nullable=False, server_default=""),  # why no card can be shown, as told
    Column("author_roles", JSON, nullable=False, server_default="[]"),  # []: everyone writes
    Column("viewer_roles", JSON, nullable=False, server_default="[]"),  # []: everyone sees
)

# When the bot was last there for Discord; gone_at and last_event while an absence is not told yet.
presence = Table(
    "presence",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("alive_at", Moment, nullable=False),
    Column("gone_at", Moment),
    Column("last_event", BigInteger),  # the last one before it was back
)

# What is paused: scope_id is an account's or connection's id, the server's, or 0 for everything.
pauses = Table(
    "pauses",
    metadata,
    Column("scope", String(16), primary_key=True),
    Column("scope_id", BigInteger, primary_key=True, autoincrement=False),
    Column("server_id", BigInteger, nullable=False),
    Column("paused_by", BigInteger, nullable=False),
    Column("paused_at", Moment, nullable=False),
    Index("ix_pauses_server", "server_id"),
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
    Column("name", String(64), nullable=False, server_default=""),  # given by people
    Column("health", String(16), nullable=False, server_default="good"),
    Column("trouble", Text, nullable=False, server_default=""),  # why its health is not good
    Column("checked_at", Moment),  # when it was last read
    Column("closed_at", Moment),  # when it was disconnected; its secret is gone then
    Index("ix_connections_server", "server_id"),
    Index("ix_connections_checked", "checked_at"),
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
    Column("backup_id", BigInteger),  # an account elsewhere, for the same social account
    Column("nickname", String(64), nullable=False, server_default=""),  # given by people
    Column("emoji", String(64), nullable=False, server_default=""),
    Column("avatar_url", Text, nullable=False, server_default=""),
    Column("followers", BigInteger),  # where the service tells
    Column("health", String(16), nullable=False, server_default="good"),
    Column("trouble", Text, nullable=False, server_default=""),  # why its health is not good
    UniqueConstraint("connection_id", "remote_id"),
    Index("ix_accounts_server", "server_id"),
    Index("ix_accounts_backup", "backup_id", unique=True),
)

# Accounts that someone is connecting, until they appear at their service.
joinings = Table(
    "joinings",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("server_id", BigInteger, nullable=False),
    Column(
        "connection_id",
        BigInteger,
        ForeignKey("connections.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("platform", String(32), nullable=False),
    Column("user_id", BigInteger, nullable=False),  # who connects it
    Column("channel_id", BigInteger, nullable=False),  # where they are told
    Column("until", Moment, nullable=False),
    Column("poll_at", Moment, nullable=False),  # when the accounts are read (again)
    UniqueConstraint("connection_id", "platform"),
    Index("ix_joinings_poll", "poll_at"),
)

# Accounts that are chosen together, such as those of one brand.
account_sets = Table(
    "account_sets",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("server_id", BigInteger, nullable=False),
    Column("name", String(64), nullable=False),
    Column("account_ids", JSON, nullable=False),
    Column("created_by", BigInteger, nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("server_id", "name"),
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
    Column("decided_at", Moment),
    Column("settled_at", Moment),
    Column("card_channel_id", BigInteger),
    Column("card_message_id", BigInteger),
    Column("origin_message_id", BigInteger),
    Column("thread_id", BigInteger),  # where the post is talked about
    Column("warned", Integer, nullable=False, server_default="0"),  # 1: a day before, 2: an hour
    Column("series_id", BigInteger),  # the first post of those that repeat
    Column("pattern", Integer),  # the revision the next of its series copies; NULL: none follows
    Column("author_roles", JSON, nullable=False, server_default="[]"),  # when the team was asked
    Column("held_by", BigInteger),  # who holds back what was approved
    Column("held_at", Moment),
    Column("source_link", Text, nullable=False, server_default=""),  # what it was begun from
    Column("source_author_id", BigInteger),  # who wrote that
    Column("asked_at", Moment),  # when the team was asked about the revision that counts now
    Column("remind_at", Moment),  # when whoever is still needed is told (again)
    Column("edits", Integer, nullable=False, server_default="0"),  # how often a draft was changed
    Column("edited_by", BigInteger),  # who changed it last
    Column("changes_post", BigInteger),  # the post that a draft is a change of
    Column("changes_revision", Integer),  # as it was at this revision
    Index("ix_posts_server", "server_id", "id"),
    Index("ix_posts_due", "server_id", "due_at"),
    Index(
        "ix_posts_pattern",
        "server_id",
        sqlite_where=text("pattern IS NOT NULL"),
        postgresql_where=text("pattern IS NOT NULL"),
    ),
    Index("ix_posts_card", "card_message_id", unique=True),
    Index(
        "ix_posts_in_review",
        "due_at",
        sqlite_where=text("state = 'in_review'"),
        postgresql_where=text("state = 'in_review'"),
    ),
    Index(
        "ix_posts_remind",
        "remind_at",
        sqlite_where=text("state = 'in_review' AND remind_at IS NOT NULL"),
        postgresql_where=text("state = 'in_review' AND remind_at IS NOT NULL"),
    ),
    Index(
        "ix_posts_warn",
        "warned",
        "due_at",
        sqlite_where=text("state IN ('in_review', 'approved')"),
        postgresql_where=text("state IN ('in_review', 'approved')"),
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
    Column("clip", JSON(none_as_null=True)),  # in the place of files: connection_id, ref
    Column("targets", JSON, nullable=False),  # accounts in order: account_id, options
    Column("due_at", Moment),
    Column("when_text", Text, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("timing", String(8), nullable=False, server_default="here"),
    Column("repeats", Text, nullable=False, server_default=""),  # "tue 09:00"; empty: once
    Column("digest", String(64), nullable=False),
    Column("created_by", BigInteger, nullable=False),
    Column("created_at", Moment, nullable=False),
)

# One current vote a person and revision; what is taken back is deleted, and is in the events.
votes = Table(
    "votes",
    metadata,
    Column("post_id", BigInteger, ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("verdict", String(16), nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("at", Moment, nullable=False),
    Column("roles", JSON, nullable=False),  # when it was last counted, to be shown
    Column("by_reaction", Boolean, nullable=False, server_default=false()),
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

# Files handed over to a service's own storage, so that a repeated call names the same one.
uploads = Table(
    "uploads",
    metadata,
    Column(
        "connection_id",
        BigInteger,
        ForeignKey("connections.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("sha256", String(64), primary_key=True),
    Column("name", Text, nullable=False),  # under which the service knows it
    Column("uploaded_at", Moment, nullable=False),
)

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

# What posts are begun with again and again.
templates = Table(
    "templates",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("server_id", BigInteger, nullable=False),
    Column("name", String(64), nullable=False),
    Column("caption", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("media", JSON, nullable=False),  # as in `revisions`
    Column("targets", JSON, nullable=False),  # as in `revisions`
    Column("when_text", Text, nullable=False),
    Column("timing", String(8), nullable=False),
    Column("created_by", BigInteger, nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("server_id", "name"),
)

# Files that are kept for a server, each with when something last needed it.
files = Table(
    "files",
    metadata,
    Column("server_id", BigInteger, primary_key=True, autoincrement=False),
    Column("sha256", String(64), primary_key=True),
    Column("extension", String(8), nullable=False),
    Column("needed_at", Moment, nullable=False),
    Index("ix_files_needed", "needed_at"),
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
    Column("trouble", Text, nullable=False, server_default=""),  # why it could not be told
    Index("ix_events_post", "post_id", "id"),
    Index(
        "ix_events_outbox",
        "tell_at",
        sqlite_where=text("tell_at IS NOT NULL"),
        postgresql_where=text("tell_at IS NOT NULL"),
    ),
)
