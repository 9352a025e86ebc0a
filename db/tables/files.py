"""Files: those that are kept here, and those that services hold."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table, Text

from db.tables.columns import Moment, metadata

# Files that are kept for a server, each with when something last needed it.
files = Table(
    "files",
    metadata,
    Column("server_id", BigInteger, primary_key=True, autoincrement=False),
    Column("sha256", String(64), primary_key=True),
    Column("extension", String(8), nullable=False),
    Column("needed_at", Moment, nullable=False),
    Index("ix_files_needed", "needed_at"),
)

# Files handed over to a service's own storage, so that a repeated call names the same one.
uploads = Table(
    "uploads",
    metadata,
    Column(
        "connection_id",
        BigInteger,
        ForeignKey("connections.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("sha256", String(64), primary_key=True),
    Column("name", Text, nullable=False),  # under which the service knows it
    Column("uploaded_at", Moment, nullable=False),
)
