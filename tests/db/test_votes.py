"""Votes: one current vote a person and revision, and the rules of a server as they were chosen."""

from dataclasses import replace

import db.posts
import db.servers
import db.votes
from bot.domain.approval import Ballot, Rules, Stage, Verdict, Vote
from bot.domain.post import Post, PostState
from bot.domain.server import Server
from db.database import Database
from tests.db.conftest import Rows
from tests.factories import APPROVER, AUTHOR, SERVER
from tests.scripted import START

YES = Vote(user_id=APPROVER, verdict=Verdict.APPROVE, at=START, roles=frozenset({7, 8}))


async def a_post(rows: Rows) -> Post:
    """Keep a post."""
    [account, *_] = await rows.connection()
    return await rows.post([account])


async def ballot(database: Database, post: Post) -> Ballot:
    """Read the votes on a post."""
    async with database.reading() as reading:
        return (await db.votes.find(reading, [post.id]))[post.id]


async def test_one_current_vote_a_person(database: Database, rows: Rows) -> None:
    """A person's next vote takes the place of the last; another person's stands beside it."""
    post = await a_post(rows)
    no = replace(YES, verdict=Verdict.REJECT, reason="Dull.", by_reaction=True)
    other = replace(YES, user_id=99)
    async with database.transaction() as transaction:
        for vote in (YES, other, no):
            await db.votes.put(transaction, post, vote)
        await db.votes.note_author(transaction, post.id, frozenset({5}))
    assert await ballot(database, post) == Ballot(votes=(no, other), author_roles=frozenset({5}))


async def test_taken_back(database: Database, rows: Rows) -> None:
    """A vote that is taken back is gone; there may be none at all."""
    post = await a_post(rows)
    async with database.transaction() as transaction:
        await db.votes.put(transaction, post, YES)
        for _ in range(2):
            await db.votes.take_back(transaction, post, APPROVER)
    assert await ballot(database, post) == Ballot()


async def test_a_new_revision_has_no_votes(database: Database, rows: Rows) -> None:
    """Votes are for one revision: the next one begins without any."""
    post = await a_post(rows)
    async with database.transaction() as transaction:
        await db.votes.put(transaction, post, YES)
        new = replace(post.content, number=2, caption="Other")
        assert await db.posts.revise(transaction, post, new, by=AUTHOR, now=START)
    assert await ballot(database, post) == Ballot()


async def test_roles_are_noted(database: Database, rows: Rows) -> None:
    """What roles a voter was found to have is remembered."""
    post = await a_post(rows)
    async with database.transaction() as transaction:
        await db.votes.put(transaction, post, YES)
        await db.votes.note_roles(transaction, post, {APPROVER: frozenset({9}), 55: frozenset()})
        await db.votes.note_roles(transaction, post, {})
    [vote] = (await ballot(database, post)).votes
    assert vote.roles == {9}


async def test_lock_compares(database: Database, rows: Rows) -> None:
    """A post is locked only in the state and revision in which it was read."""
    post = await a_post(rows)
    async with database.transaction() as transaction:
        assert await db.votes.lock(transaction, post)
        assert not await db.votes.lock(transaction, replace(post, state=PostState.REJECTED))
        assert not await db.votes.lock(transaction, replace(post, server_id=SERVER + 1))
        newer = replace(post, content=replace(post.content, number=2))
        assert not await db.votes.lock(transaction, newer)


async def test_rules_are_kept(database: Database) -> None:
    """The rules of a server are read as they were saved; one that chose none has the usual ones."""
    rules = Rules(
        stages=(Stage(roles=(1, 2), each=True), Stage(people=(3,), needed=2)),
        four_eyes=False,
        across_stages=True,
        free_roles=(4,),
    )
    async with database.transaction() as transaction:
        assert (await db.servers.get(transaction, SERVER)).approval == Rules()
        await db.servers.save(transaction, Server(server_id=SERVER, approval=rules))
        await db.servers.save(transaction, Server(server_id=SERVER + 1))
        assert (await db.servers.get(transaction, SERVER)).approval == rules
        assert (await db.servers.get(transaction, SERVER + 1)).approval == Rules()
