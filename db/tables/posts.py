"""What people write and decide: posts, their revisions, writers, votes, and templates."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from db.tables.columns import Moment, RowId, metadata

posts = Table(
    "posts",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("server_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("author_id", BigInteger, nullable=False),
    Column("state", String(24), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("due_at", Moment),
    Column("created_at", Moment, nullable=False),
    Column("decided_by", BigInteger),
    Column("decided_at", Moment),
    Column("settled_at", Moment),
    Column("card_channel_id", BigInteger),
    Column("card_message_id", BigInteger),
    Column("origin_message_id", BigInteger),
    Column("thread_id", BigInteger),  # where the post is talked about
    Column("warned", Integer, nullable=False, server_default="0"),  # 1: a day before, 2: an hour
    Column("series_id", BigInteger),  # the first post of those that repeat
    Column("pattern", Integer),  # the revision the next of its series copies; NULL: none follows
    Column("author_roles", JSON, nullable=False, server_default="[]"),  # when the team was asked
    Column("held_by", BigInteger),  # who holds back what was approved
    Column("held_at", Moment),
    Column("source_link", Text, nullable=False, server_default=""),  # what it was begun from
    Column("source_author_id", BigInteger),  # who wrote that
    Column("asked_at", Moment),  # when the team was asked about the revision that counts now
    Column("remind_at", Moment),  # when whoever is still needed is told (again)
    Column("edits", Integer, nullable=False, server_default="0"),  # how often a draft was changed
    Column("edited_by", BigInteger),  # who changed it last
    Column("changes_post", BigInteger),  # the post that a draft is a change of
    Column("changes_revision", Integer),  # as it was at this revision
    Index("ix_posts_server", "server_id", "id"),
    Index("ix_posts_due", "server_id", "due_at"),
    Index(
        "ix_posts_pattern",
        "server_id",
        sqlite_where=text("pattern IS NOT NULL"),
        postgresql_where=text("pattern IS NOT NULL"),
    ),
    Index("ix_posts_card", "card_message_id", unique=True),
    Index(
        "ix_posts_in_review",
        "due_at",
        sqlite_where=text("state = 'in_review'"),
        postgresql_where=text("state = 'in_review'"),
    ),
    Index(
        "ix_posts_remind",
        "remind_at",
        sqlite_where=text("state = 'in_review' AND remind_at IS NOT NULL"),
        postgresql_where=text("state = 'in_review' AND remind_at IS NOT NULL"),
    ),
    Index(
        "ix_posts_warn",
        "warned",
        "due_at",
        sqlite_where=text("state IN ('in_review', 'approved')"),
        postgresql_where=text("state IN ('in_review', 'approved')"),
    ),
)

revisions = Table(
    "revisions",
    metadata,
    Column("post_id", BigInteger, ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("caption", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("media", JSON, nullable=False),  # files in order: sha256, content_type, size, filename
    Column("clip", JSON(none_as_null=True)),  # in the place of files: connection_id, ref
    Column("targets", JSON, nullable=False),  # accounts in order: account_id, options
    Column("due_at", Moment),
    Column("when_text", Text, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("timing", String(8), nullable=False, server_default="here"),
    Column("repeats", Text, nullable=False, server_default=""),  # "tue 09:00"; empty: once
    Column("cover", JSON(none_as_null=True)),  # a picture, and the moment it was taken from
    Column("digest", String(64), nullable=False),
    Column("created_by", BigInteger, nullable=False),
    Column("created_at", Moment, nullable=False),
)

# One current vote a person and revision; what is taken back is deleted, and is in the events.
votes = Table(
    "votes",
    metadata,
    Column("post_id", BigInteger, ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("verdict", String(16), nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("at", Moment, nullable=False),
    Column("roles", JSON, nullable=False),  # when it was last counted, to be shown
    Column("by_reaction", Boolean, nullable=False, server_default=false()),
)

# Who writes on a post beside its author. Whom it was taken from again stays here once they wrote on
# it: their approval would still be of their own words.
writers = Table(
    "writers",
    metadata,
    Column("post_id", BigInteger, ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("may_write", Boolean, nullable=False, server_default=true()),
    Column("wrote", Boolean, nullable=False, server_default=false()),  # has changed it
    Index("ix_writers_user", "user_id"),
)

# What posts are begun with again and again.
templates = Table(
    "templates",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("server_id", BigInteger, nullable=False),
    Column("name", String(64), nullable=False),
    Column("caption", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("media", JSON, nullable=False),  # as in `revisions`
    Column("targets", JSON, nullable=False),  # as in `revisions`
    Column("when_text", Text, nullable=False),
    Column("timing", String(8), nullable=False),
    Column("cover", JSON(none_as_null=True)),  # as in `revisions`
    Column("created_by", BigInteger, nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("server_id", "name"),
)
