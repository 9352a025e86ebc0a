"""Scheduling

Revision ID: 0003
After: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "pauses",
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("scope_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("paused_by", sa.BigInteger(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scope", "scope_id", name=op.f("pk_pauses")),
    )
    with op.batch_alter_table("pauses", schema=None) as batch_op:
        batch_op.create_index("ix_pauses_server", ["server_id"], unique=False)

    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("backup_id", sa.BigInteger(), nullable=True))
        batch_op.create_index("ix_accounts_backup", ["backup_id"], unique=True)

    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("takeover", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("backup", sa.JSON(), nullable=True))
        batch_op.add_column(
            sa.Column("timing", sa.String(length=8), server_default="here", nullable=False)
        )
        batch_op.add_column(sa.Column("round", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("failures", sa.Integer(), server_default="0", nullable=False))
        batch_op.create_index(
            "ix_deliveries_troubled",
            ["server_id", "due_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('failed', 'unknown', 'missed')"),
            postgresql_where=sa.text("state IN ('failed', 'unknown', 'missed')"),
        )

    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.add_column(sa.Column("trouble", sa.Text(), server_default="", nullable=False))

    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("thread_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("warned", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("series_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("pattern", sa.Integer(), nullable=True))
        batch_op.create_index("ix_posts_due", ["server_id", "due_at"], unique=False)
        batch_op.create_index(
            "ix_posts_pattern",
            ["server_id"],
            unique=False,
            sqlite_where=sa.text("pattern IS NOT NULL"),
            postgresql_where=sa.text("pattern IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_posts_warn",
            ["warned", "due_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('in_review', 'approved')"),
            postgresql_where=sa.text("state IN ('in_review', 'approved')"),
        )

    with op.batch_alter_table("revisions", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("timing", sa.String(length=8), server_default="here", nullable=False)
        )
        batch_op.add_column(sa.Column("repeats", sa.Text(), server_default="", nullable=False))

    with op.batch_alter_table("servers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fallback_channel_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(
            sa.Column("late_minutes", sa.Integer(), server_default="15", nullable=False)
        )
        batch_op.add_column(
            sa.Column("timing", sa.String(length=8), server_default="here", nullable=False)
        )
        batch_op.add_column(sa.Column("slots", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("failover", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
