"""Several people write one post: who may, who wins, and whose approval counts then."""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pytest

import db.writers
from bot.domain import editing
from bot.domain.approval import Ballot, Rules, Stage
from bot.domain.errand import Errand
from bot.domain.event import EventKind
from bot.domain.platform import Platform
from bot.domain.post import Post, PostState
from bot.errors import ConflictError, InputError, NotAllowedError, NotFoundError
from bot.workflow import (
    announce,
    browse,
    cancel,
    catch_up,
    compose,
    discard,
    history,
    redraft,
    reschedule,
    reuse,
    revise,
    share,
    status,
)
from bot.workflow.desk import Desk
from bot.workflow.redraft import Hand
from bot.workflow.reuse import Author
from bot.workflow.share import Guest
from bot.workflow.status import Asker
from tests.factories import APPROVER, AUTHOR, CHANNEL, ROLE, SERVER
from tests.life import Life

BEN, CARL, DORA = 31, 32, 33
IS_APPROVER = frozenset({ROLE})
BOTH = pytest.mark.parametrize("engine", ["sqlite", "postgresql"])


async def shared(life: Life, *people: int, draft: Post | None = None) -> Post:
    """Have a draft shared with these people alone."""
    draft = draft or await life.write(Platform.THREADS)
    return await share.share(
        life.desk,
        server_id=SERVER,
        post_id=draft.id,
        user_id=draft.author_id,
        guests=[Guest(user_id=person) for person in people],
    )


def hand(draft: Post, user_id: int) -> Hand:
    """Somebody at a draft as it was read."""
    return Hand(server_id=SERVER, user_id=user_id, post_id=draft.id, edits=draft.edits)


async def write(desk: Desk, draft: Post, user_id: int, caption: str) -> Post:
    """Have somebody change the text of a draft as it was read."""
    return await redraft.change(
        desk, hand(draft, user_id), lambda content: editing.with_text(content, caption, "")
    )


async def sent(life: Life, draft: Post, user_id: int) -> Post:
    """Have somebody put a draft before the team; the post as it is then."""
    post = await redraft.send(life.desk, hand(draft, user_id))
    return (await browse.show(life.desk, server_id=SERVER, post_id=post.id)).post


async def changed(life: Life, post: Post, user_id: int, caption: str = "Other") -> Post:
    """Have an approver change a post before the team; the post as it is then."""
    of = {"server_id": SERVER, "post_id": post.id}
    change = await redraft.begin(life.desk, **of, user_id=user_id, roles=IS_APPROVER)
    change = await write(life.desk, change, user_id, caption)
    await redraft.send(life.desk, hand(change, user_id), author_roles=IS_APPROVER)
    return (await browse.show(life.desk, **of)).post


@BOTH
async def test_what_writers_may(life: Life, desk: Desk) -> None:
    """Those with whom a draft is shared find, change and send it; they neither share nor discard
    it, nor cancel it; what they send is theirs too, and its revision and events say so.
    """
    draft = await shared(life, BEN, CARL)
    assert draft.writers == {BEN, CARL}
    of: dict[str, Any] = {"server_id": SERVER, "post_id": draft.id}
    assert await redraft.mine(desk, server_id=SERVER, user_id=BEN) == [draft]
    assert await browse.editable(desk, server_id=SERVER, user_id=BEN) == [draft]
    [listed] = await browse.recent(desk, server_id=SERVER, reader_id=BEN)
    assert listed.post == draft
    waits = await status.status(desk, SERVER, Asker(user_id=BEN, roles=frozenset()))
    assert [kind for kind, _ in waits.mine] == [Errand.DRAFT]
    assert (await history.history(desk, **of, user_id=BEN)).shown.post == draft
    copy, _ = await reuse.duplicate(
        desk, Author(server_id=SERVER, channel_id=CHANNEL, user_id=BEN), draft.id
    )
    assert (copy.author_id, copy.writers) == (BEN, frozenset())
    refused = (
        lambda: share.share(desk, **of, user_id=BEN, guests=[]),
        lambda: discard.discard(desk, hand(draft, BEN)),
        lambda: cancel.cancel(desk, **of, user_id=BEN, may_cancel_any=False),
    )
    for act in refused:
        with pytest.raises(NotAllowedError):
            await act()
    draft = await write(desk, draft, BEN, "Ours")
    post = await sent(life, draft, CARL)
    assert (post.author_id, post.writers, post.content.caption) == (AUTHOR, {BEN, CARL}, "Ours")
    [told, asked] = await life.events(post)
    assert (told.kind, told.actor_id, told.data["people"]) == (
        EventKind.SHARED,
        AUTHOR,
        f"{BEN} {CARL}",
    )
    assert (asked.kind, asked.actor_id) == (EventKind.REVIEW_ASKED, CARL)
    await cancel.cancel(desk, **of, user_id=BEN, may_cancel_any=False)
    assert await life.state(post) is PostState.CANCELLED


@BOTH
async def test_nobody_else_sees_a_shared_draft(life: Life, desk: Desk) -> None:
    """Neither somebody else of its server, nor one of its writers from another server."""
    draft = await shared(life, BEN)
    for server_id, user_id in ((SERVER, CARL), (SERVER + 1, BEN), (SERVER + 1, AUTHOR)):
        of: dict[str, Any] = {"server_id": server_id, "post_id": draft.id, "user_id": user_id}
        for ask in (redraft.get, share.opened, share.own, redraft.begin):
            with pytest.raises((NotFoundError, NotAllowedError)):
                await ask(desk, **of)
        with pytest.raises(NotFoundError):
            await share.share(desk, **of, guests=[Guest(user_id=DORA)])
        assert await redraft.mine(desk, server_id=server_id, user_id=user_id) == []
        assert await browse.editable(desk, server_id=server_id, user_id=user_id) == []
    assert (await redraft.mine(desk, server_id=SERVER, user_id=BEN))[0].writers == {BEN}


@pytest.mark.parametrize("foreign", ["source", "target"])
async def test_writers_stay_in_their_server(life: Life, desk: Desk, foreign: str) -> None:
    """In another server's name nobody is made a writer because they are one elsewhere."""
    draft, other = await shared(life, BEN), await life.write(Platform.THREADS)
    source = replace(draft, server_id=SERVER + 1) if foreign == "source" else draft
    target = replace(other, server_id=SERVER + 1) if foreign == "target" else other
    async with desk.database.transaction() as transaction:
        await db.writers.copy(transaction, source, target)
    assert await redraft.mine(desk, server_id=SERVER, user_id=BEN) == [draft]


async def test_who_cannot_be_invited(life: Life, desk: Desk) -> None:
    """Bots, its author, people of elsewhere, and more than ten; then nothing is changed, and whoever
    was invited before is not told again.
    """
    draft = await shared(life, BEN)
    wrong: Collection[Collection[Guest]] = (
        [Guest(user_id=CARL), Guest(user_id=DORA, is_bot=True)],
        [Guest(user_id=AUTHOR)],
        [Guest(user_id=CARL, is_member=False)],
        [Guest(user_id=100 + number) for number in range(11)],
    )
    for guests in wrong:
        with pytest.raises(InputError):
            await share.share(
                desk, server_id=SERVER, post_id=draft.id, user_id=AUTHOR, guests=guests
            )
    assert await redraft.mine(desk, server_id=SERVER, user_id=AUTHOR) == [draft]
    await shared(life, BEN, CARL, draft=draft)
    await shared(life, CARL, draft=draft)
    told = [event.data["people"] for event in await life.events(draft)]
    assert told == [str(BEN), str(CARL)]


@BOTH
async def test_two_at_once(life: Life, desk: Desk) -> None:
    """Of two people who change one draft at the same moment one wins; the other is told by whom it
    was changed, and nothing of the winner is lost.
    """
    draft = await shared(life, BEN)
    people = (AUTHOR, BEN)
    for number in range(10):
        said = await asyncio.gather(
            *(write(desk, draft, person, f"{number} by {person}") for person in people),
            return_exceptions=True,
        )
        [(winner, kept)] = [
            pair for pair in zip(people, said, strict=True) if isinstance(pair[1], Post)
        ]
        [late] = [each for each in said if isinstance(each, ConflictError)]
        assert f"was changed by <@{winner}> since you opened it" in str(late)
        draft = await redraft.get(desk, server_id=SERVER, post_id=draft.id, user_id=BEN)
        assert draft == kept
        assert draft.content.caption == f"{number} by {winner}"


@BOTH
async def test_two_change_one_post_at_once(life: Life, desk: Desk) -> None:
    """One change is in its place; the other is kept as a draft, and its owner told by whom."""
    post = await life.in_review(Platform.THREADS)
    of = {"server_id": SERVER, "post_id": post.id}
    drafts: list[Post] = []
    for person, roles in ((AUTHOR, frozenset[int]()), (APPROVER, IS_APPROVER)):
        change = await redraft.begin(desk, **of, user_id=person, roles=roles)
        drafts.append(await write(desk, change, person, f"By {person}"))
    said = await asyncio.gather(
        *(
            redraft.send(desk, hand(draft, draft.author_id), author_roles=IS_APPROVER)
            for draft in drafts
        ),
        return_exceptions=True,
    )
    [late] = [each for each in said if isinstance(each, ConflictError)]
    [won] = [each for each in said if isinstance(each, Post)]
    loser = drafts[list(said).index(late)]
    winner = drafts[list(said).index(won)].author_id
    assert f"Post {post.id} was changed by <@{winner}> since you opened it" in str(late)
    kept = await redraft.get(desk, server_id=SERVER, post_id=loser.id, user_id=loser.author_id)
    assert kept.content.caption == f"By {loser.author_id}"
    now = (await browse.show(desk, **of)).post
    assert now.content.caption == f"By {winner}"
    assert now.writers == ({APPROVER} if winner == APPROVER else frozenset())


@BOTH
async def test_who_changes_a_post_writes_it(life: Life, desk: Desk) -> None:
    """An approver's change makes them a writer in the transaction that voids the votes; theirs do
    not count from then on, another's do. Whoever may not decide may not change it.
    """
    await life.rules(Rules(stages=(Stage(needed=2),)))
    post = await life.in_review(Platform.THREADS)
    await life.vote(post)
    with pytest.raises(NotAllowedError, match="not yours"):
        await redraft.begin(desk, server_id=SERVER, post_id=post.id, user_id=BEN)
    post = await changed(life, post, APPROVER)
    assert (post.author_id, post.writers) == (AUTHOR, {APPROVER})
    assert await catch_up.ballot(desk, post) == Ballot()
    made = await history.history(desk, server_id=SERVER, post_id=post.id, user_id=BEN)
    assert [kept.by for kept in made.revisions] == [AUTHOR, APPROVER]
    assert made.events[-1].event.actor_id == APPROVER
    with pytest.raises(NotAllowedError, match=f"you wrote on post {post.id}"):
        await life.vote(post)
    await life.vote(post, user_id=CARL)
    assert await life.state(post) is PostState.IN_REVIEW
    await life.vote(post, user_id=DORA)
    assert await life.state(post) is PostState.APPROVED


async def test_a_change_is_written_together(life: Life, desk: Desk) -> None:
    """Whoever it is shared with may send it, and writes the post then; not once whoever began it
    may not decide any more.
    """
    post = await life.in_review(Platform.THREADS)
    of: dict[str, Any] = {"server_id": SERVER, "post_id": post.id}
    change = await redraft.begin(desk, **of, user_id=APPROVER, roles=IS_APPROVER)
    change = await write(desk, await shared(life, BEN, AUTHOR, draft=change), BEN, "Ours")
    with pytest.raises(NotAllowedError):
        await redraft.send(desk, hand(change, BEN))
    await redraft.send(desk, hand(change, BEN), author_roles=IS_APPROVER)
    now = (await browse.show(desk, **of)).post
    assert (now.author_id, now.writers) == (AUTHOR, {APPROVER, BEN})
    assert (await life.events(post))[-1].actor_id == BEN
    change = await redraft.begin(desk, **of, user_id=BEN)
    assert change.content.caption == "Ours"


@BOTH
async def test_taken_away_after_they_wrote(life: Life, desk: Desk) -> None:
    """They write it no more, and their approval still does not count; whoever never wrote on it
    may approve it.
    """
    draft = await shared(life, APPROVER, CARL)
    draft = await write(desk, draft, APPROVER, "Theirs")
    draft = await shared(life, draft=draft)
    assert (draft.writers, draft.former) == (frozenset(), {APPROVER})
    for person in (APPROVER, CARL):
        with pytest.raises(NotFoundError):
            await redraft.seen(desk, hand(draft, person))
    post = await sent(life, draft, AUTHOR)
    with pytest.raises(NotAllowedError, match="Four eyes"):
        await life.vote(post)
    await life.vote(post, user_id=CARL)
    assert await life.state(post) is PostState.APPROVED


@pytest.mark.parametrize("four_eyes", [True, False])
async def test_four_eyes_hold_for_another_time(life: Life, desk: Desk, *, four_eyes: bool) -> None:
    """Whoever wrote on a post does not approve another time for it, unless four eyes are off."""
    await life.rules(Rules(four_eyes=four_eyes))
    post = await changed(life, await life.in_review(Platform.THREADS, when="in 2 hours"), APPROVER)
    await life.vote(post, user_id=CARL)
    of = {"server_id": SERVER, "post_id": post.id, "when_text": "in 3 hours", "may_decide": True}
    if not four_eyes:
        await reschedule.reschedule(desk, **of, user_id=APPROVER)
        return
    with pytest.raises(NotAllowedError, match="Four eyes"):
        await reschedule.reschedule(desk, **of, user_id=APPROVER)
    await reschedule.reschedule(desk, **of, user_id=CARL)


async def test_trusted_authors_are_trusted_alone(life: Life, desk: Desk) -> None:
    """A post needs no approval where its trusted author wrote it alone; not with a writer, whoever
    sends it, nor with one that was there. Where nobody's posts need one, nor do these.
    """
    await life.rules(Rules(free_roles=(ROLE,)))
    drafts = [await shared(life, BEN) for _ in range(3)]
    drafts[2] = await shared(life, draft=await write(desk, drafts[2], BEN, "Theirs"))
    for draft, by in zip(drafts, (AUTHOR, BEN, AUTHOR), strict=True):
        post = await redraft.send(desk, hand(draft, by), author_roles=IS_APPROVER)
        assert post.state is PostState.IN_REVIEW
    alone = await shared(life, draft=await shared(life, BEN))
    post = await redraft.send(desk, hand(alone, AUTHOR), author_roles=IS_APPROVER)
    assert post.state is PostState.APPROVED
    await life.rules(Rules(free=True))
    assert (await compose.ask_review(desk, await shared(life, BEN))).state is PostState.APPROVED


async def test_a_series_keeps_its_writers(life: Life, desk: Desk) -> None:
    """The next of a post that repeats holds the same words, so it has the same writers."""
    draft = await shared(life, BEN, draft=await life.write(Platform.THREADS, when="every fri 9:00"))
    post = await sent(life, draft, AUTHOR)
    await life.vote(post)
    await cancel.cancel(desk, server_id=SERVER, post_id=post.id, user_id=BEN, may_cancel_any=False)
    [following] = [
        item.post
        for item in await browse.recent(desk, server_id=SERVER, states=[PostState.APPROVED])
    ]
    assert (following.id, following.writers) != (post.id, frozenset())
    assert following.writers == {BEN}


async def test_sent_while_it_is_shared(life: Life, desk: Desk) -> None:
    """A draft that was shared since it was opened is sent with its new writers; after that nobody
    is invited any more.
    """
    await life.rules(Rules(free_roles=(ROLE,)))
    opened = await life.write(Platform.THREADS)
    await shared(life, BEN, draft=opened)
    post = await compose.ask_review(desk, opened, author_roles=IS_APPROVER)
    assert (post.state, post.writers) == (PostState.IN_REVIEW, {BEN})
    with pytest.raises(NotFoundError, match="is in review"):
        await shared(life, CARL, draft=opened)


async def test_only_who_decides_now_changes_a_post(life: Life, desk: Desk) -> None:
    """Close to its time whoever the rules ask then may change it too, and not before."""
    leads = 77
    await life.rules(Rules(escalate_role=leads, escalate_minutes=60))
    late = await life.in_review(Platform.THREADS, when="in 50 minutes")
    early = await life.in_review(Platform.THREADS, when="in 2 hours")
    is_lead = frozenset({leads})
    found = await browse.editable(desk, server_id=SERVER, user_id=BEN, roles=is_lead)
    assert [post.id for post in found] == [late.id]
    await revise.find(desk, server_id=SERVER, post_id=late.id, user_id=BEN, roles=is_lead)
    with pytest.raises(NotAllowedError):
        await revise.find(desk, server_id=SERVER, post_id=early.id, user_id=BEN, roles=is_lead)


async def test_an_invitation_holds_nothing_back(life: Life, desk: Desk) -> None:
    """Where it cannot be told, what becomes of the draft is told all the same."""
    draft = await shared(life, BEN)
    [telling] = await announce.take(desk)
    await announce.tell_later(desk, telling, trouble="It is closed.", is_closed=True)
    await compose.ask_review(desk, draft)
    [telling] = await announce.take(desk)
    assert [event.kind for event in telling.events] == [EventKind.REVIEW_ASKED]
