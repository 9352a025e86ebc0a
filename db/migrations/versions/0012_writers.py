"""People who write on a post beside its author

Revision ID: 0012
After: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "writers",
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("may_write", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("wrote", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_writers_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "user_id", name=op.f("pk_writers")),
    )
    with op.batch_alter_table("writers", schema=None) as batch_op:
        batch_op.create_index("ix_writers_user", ["user_id"])
