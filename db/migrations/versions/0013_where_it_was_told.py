"""The message that told an event

Revision ID: 0013
After: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told_channel_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("told_message_id", sa.BigInteger(), nullable=True))
