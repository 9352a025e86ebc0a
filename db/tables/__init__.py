"""Every table, by what it is about. Ids that Discord gives are 64-bit; moments are UTC."""

from db.tables.columns import Moment, metadata
from db.tables.connections import account_sets, accounts, connections, joinings
from db.tables.deliveries import attempts, deliveries
from db.tables.events import events
from db.tables.files import files, uploads
from db.tables.posts import posts, revisions, templates, votes, writers
from db.tables.projects import projects
from db.tables.servers import pauses, presence, servers

__all__ = [
    "Moment",
    "account_sets",
    "accounts",
    "attempts",
    "connections",
    "deliveries",
    "events",
    "files",
    "joinings",
    "metadata",
    "pauses",
    "posts",
    "presence",
    "projects",
    "revisions",
    "servers",
    "templates",
    "uploads",
    "votes",
    "writers",
]
