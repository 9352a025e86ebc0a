"""Approval

Revision ID: 0004
After: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "votes",
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("by_reaction", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_votes_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "revision", "user_id", name=op.f("pk_votes")),
    )
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("author_roles", sa.JSON(), server_default="[]", nullable=False)
        )
        batch_op.add_column(sa.Column("held_by", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("servers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("approval", sa.JSON(), server_default="{}", nullable=False))
