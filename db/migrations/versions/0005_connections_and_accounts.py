"""Connections and accounts

Revision ID: 0005
After: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "account_sets",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("account_ids", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_sets")),
        sa.UniqueConstraint("server_id", "name", name=op.f("uq_account_sets_server_id_name")),
    )
    with op.batch_alter_table("connections", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("name", sa.String(length=64), server_default="", nullable=False)
        )
        batch_op.add_column(
            sa.Column("health", sa.String(length=16), server_default="good", nullable=False)
        )
        batch_op.add_column(sa.Column("trouble", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("nickname", sa.String(length=64), server_default="", nullable=False)
        )
        batch_op.add_column(
            sa.Column("emoji", sa.String(length=64), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("avatar_url", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("followers", sa.BigInteger(), nullable=True))
        batch_op.add_column(
            sa.Column("health", sa.String(length=16), server_default="good", nullable=False)
        )
        batch_op.add_column(sa.Column("trouble", sa.Text(), server_default="", nullable=False))
    with op.batch_alter_table("servers", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("author_roles", sa.JSON(), server_default="[]", nullable=False)
        )
        batch_op.add_column(
            sa.Column("viewer_roles", sa.JSON(), server_default="[]", nullable=False)
        )
