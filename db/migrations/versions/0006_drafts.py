"""Drafts that are changed by several hands

Revision ID: 0006
After: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("edits", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("edited_by", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("changes_post", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("changes_revision", sa.Integer(), nullable=True))
