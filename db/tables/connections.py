"""What a server has connected: services, their accounts, and sets of those."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from db.tables.columns import Moment, RowId, metadata

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
