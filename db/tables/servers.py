"""Servers with their settings, what is paused, and when the bot was last there."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, String, Table, Text, false

from db.tables.columns import Moment, metadata

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

# When the bot was last there for Discord; gone_at and last_event while an absence is not told yet.
presence = Table(
    "presence",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("alive_at", Moment, nullable=False),
    Column("gone_at", Moment),
    Column("last_event", BigInteger),  # the last one before it was back
)
