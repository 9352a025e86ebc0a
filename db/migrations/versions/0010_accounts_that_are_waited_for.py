"""Accounts that are waited for, and when connections were read

Revision ID: 0010
After: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "joinings",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("poll_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["connections.id"],
            name=op.f("fk_joinings_connection_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joinings")),
        sa.UniqueConstraint(
            "connection_id", "platform", name=op.f("uq_joinings_connection_id_platform")
        ),
    )
    with op.batch_alter_table("joinings", schema=None) as batch_op:
        batch_op.create_index("ix_joinings_poll", ["poll_at"], unique=False)
    with op.batch_alter_table("connections", schema=None) as batch_op:
        batch_op.create_index("ix_connections_checked", ["checked_at"], unique=False)
