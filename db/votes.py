"""Queries of the table `votes`."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlalchemy import ColumnElement, RowMapping, bindparam, delete, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.approval import Ballot, Roles, Verdict, Vote
from bot.domain.post import Post
from db.tables import posts, votes

_OF_POSTS = (
    select(
        posts.c.id.label("of_post"),
        posts.c.author_roles,
        posts.c.held_by,
        posts.c.held_at,
        votes,
    )
    .outerjoin_from(
        posts, votes, (votes.c.post_id == posts.c.id) & (votes.c.revision == posts.c.revision)
    )
    .where(posts.c.id.in_(bindparam("posts", expanding=True)))
    .order_by(votes.c.at, votes.c.user_id)
)


async def lock(connection: AsyncConnection, post: Post) -> bool:
    """Keep everyone else from deciding on a post until the transaction ends; False when it is not
    in the state and revision any more in which it was read.
    """
    statement = select(posts.c.state, posts.c.revision).where(*_is(post)).with_for_update()
    row = (await connection.execute(statement)).one_or_none()
    return row is not None and (row.state, row.revision) == (post.state, post.content.number)


async def find(connection: AsyncConnection, post_ids: Collection[int]) -> dict[int, Ballot]:
    """The votes on the revisions of these posts that count now, oldest first, by post."""
    found: dict[int, Ballot] = {}
    cast: defaultdict[int, list[Vote]] = defaultdict(list)
    for row in (await connection.execute(_OF_POSTS, {"posts": [*post_ids]})).mappings():
        author_roles = frozenset[int](row["author_roles"])
        found[row["of_post"]] = Ballot(
            author_roles=author_roles, held_by=row["held_by"], held_at=row["held_at"]
        )
        if row["user_id"] is not None:
            cast[row["of_post"]].append(_from_row(row))
    return {
        post_id: replace(ballot, votes=tuple(cast[post_id])) for post_id, ballot in found.items()
    }


async def put(connection: AsyncConnection, post: Post, vote: Vote) -> None:
    """Keep a vote on the revision a post was read with, in the place of the same person's last."""
    values = {
        "verdict": vote.verdict,
        "reason": vote.reason,
        "at": vote.at,
        "roles": sorted(vote.roles),
        "by_reaction": vote.by_reaction,
    }
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = {"revision": post.content.number, "user_id": vote.user_id, **values}
    typed = [literal(value, votes.c[name].type).label(name) for name, value in row.items()]
    mine = select(posts.c.id, *typed).where(*_is(post))
    statement = insert(votes).from_select(["post_id", *row], mine)
    key = [votes.c.post_id, votes.c.revision, votes.c.user_id]
    await connection.execute(statement.on_conflict_do_update(index_elements=key, set_=values))


async def take_back(connection: AsyncConnection, post: Post, user_id: int) -> None:
    """Delete a person's vote on the revision a post was read with."""
    await connection.execute(
        delete(votes).where(
            _of_server(post),
            votes.c.post_id == post.id,
            votes.c.revision == post.content.number,
            votes.c.user_id == user_id,
        )
    )


async def unbind(connection: AsyncConnection, post_ids: Collection[int]) -> None:
    """Have the votes on posts stand by themselves: no reaction stands for them any more."""
    await connection.execute(
        update(votes).where(votes.c.post_id.in_(post_ids)).values(by_reaction=False)
    )


async def note_roles(
    connection: AsyncConnection, post: Post, roles_of: Mapping[int, Roles]
) -> None:
    """Remember the roles voters were found to have now."""
    if not roles_of:
        return
    await connection.execute(
        update(votes)
        .where(votes.c.post_id == post.id, votes.c.revision == post.content.number)
        .where(votes.c.user_id == bindparam("voter"), _of_server(post))
        .values(roles=bindparam("found")),
        [{"voter": user_id, "found": sorted(roles)} for user_id, roles in roles_of.items()],
    )


async def note_author(connection: AsyncConnection, post_id: int, roles: Roles) -> None:
    """Remember the roles an author has when the team is asked."""
    await connection.execute(
        update(posts).where(posts.c.id == post_id).values(author_roles=sorted(roles))
    )


def _is(post: Post) -> list[ColumnElement[bool]]:
    return [posts.c.id == post.id, posts.c.server_id == post.server_id]


def _of_server(post: Post) -> ColumnElement[bool]:
    """The condition, in a statement on `votes`, that the post is its server's."""
    return select(posts.c.id).where(*_is(post)).exists()


def _from_row(row: RowMapping) -> Vote:
    return Vote(
        user_id=row["user_id"],
        verdict=Verdict(row["verdict"]),
        at=row["at"],
        reason=row["reason"],
        roles=frozenset(row["roles"]),
        by_reaction=row["by_reaction"],
    )
