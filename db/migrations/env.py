"""Alembic's entry: runs the migrations on the connection that `db.migrate` hands over."""

from typing import Literal

from alembic import context

from db.tables import Moment, metadata


def render_item(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our own types as plain ones, so that old migrations do not lean on today's code."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table by rebuilding it
    compare_type=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
