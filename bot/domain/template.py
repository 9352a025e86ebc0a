"""A template: what posts are begun with again and again, under a name of its server's own."""

from dataclasses import dataclass

from bot.domain.post import Revision

LONGEST_NAME = 64
"""Characters of a template's name."""

MOST = 100
"""Templates of one server."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Template:
    """One template; `content` is what a post begins as."""

    id: int
    server_id: int
    name: str
    content: Revision
    created_by: int
