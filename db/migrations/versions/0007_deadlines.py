"""Deadlines of approval, reactions of one's own, absences

Revision ID: 0007
After: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "presence",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("alive_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_event", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_presence")),
    )
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "ix_posts_remind",
            ["remind_at"],
            unique=False,
            sqlite_where=sa.text("state = 'in_review' AND remind_at IS NOT NULL"),
            postgresql_where=sa.text("state = 'in_review' AND remind_at IS NOT NULL"),
        )
    with op.batch_alter_table("servers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("marks", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("closed", sa.Text(), server_default="", nullable=False))
    # What waits already is looked at by the first tick, which finds what is still to come.
    op.execute(
        "UPDATE posts SET asked_at = created_at, remind_at = created_at WHERE state = 'in_review'"
    )
