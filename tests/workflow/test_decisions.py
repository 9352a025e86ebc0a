"""Decisions: votes, cancelling, and time passing undecided."""

from datetime import timedelta

import pytest

import db.post_moves
from bot.domain.delivery import DeliveryState
from bot.domain.event import EventKind
from bot.domain.platform import Platform
from bot.domain.post import POST_MOVES, Post, PostState
from bot.errors import ConflictError, NotAllowedError, NotFoundError
from bot.workflow import browse, cancel, catch_up, review
from bot.workflow.desk import Desk
from db import tables
from providers.submission import Receipt
from tests.factories import APPROVER, AUTHOR, SERVER
from tests.life import Life
from tests.scripted import ACCEPTED, Clock, ScriptedService

S = DeliveryState
STRANGER = 99


async def kinds(life: Life, post: Post) -> list[EventKind]:
    """List what happened to a post."""
    return [event.kind for event in await life.events(post)]


async def test_approval_makes_deliveries(life: Life) -> None:
    """An approval makes a delivery for each account, bound to what was approved, and says who."""
    post = await life.approved(Platform.THREADS, Platform.FACEBOOK)
    deliveries = await life.deliveries(post)
    assert [(d.state, d.content_hash) for d in deliveries] == [
        (S.WAITING, post.content.digest())
    ] * 2
    assert post.decided_by == APPROVER
    assert (await life.events(post))[-1].actor_id == APPROVER


async def test_rejection(life: Life, service: ScriptedService) -> None:
    """A rejected post goes nowhere."""
    post = await life.decide(await life.in_review(Platform.THREADS), approves=False)
    await life.publish()
    assert await life.state(post) is PostState.REJECTED
    assert await life.deliveries(post) == []
    assert service.submissions == []


@pytest.mark.parametrize("second", [True, False])
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_late_vote(life: Life, second: bool) -> None:
    """A vote after the decision, the same or the other, changes nothing."""
    post = await life.in_review(Platform.THREADS)
    await life.decide(post)
    after = await life.decide(post, approves=second)
    assert after.state is PostState.APPROVED
    assert len(await life.deliveries(post)) == 1
    assert await kinds(life, post) == [EventKind.REVIEW_ASKED, EventKind.APPROVED]


@pytest.mark.parametrize("approves", [True, False])
async def test_vote_without_the_right(life: Life, approves: bool) -> None:
    """A vote of someone without the role is refused and says whom to ask."""
    post = await life.in_review(Platform.THREADS)
    with pytest.raises(NotAllowedError, match="Ask an admin for the approver role"):
        await life.decide(post, approves=approves, is_approver=False)
    assert await life.state(post) is PostState.IN_REVIEW


async def test_vote_elsewhere(life: Life, desk: Desk) -> None:
    """A message that is no card, or a card seen from another server, is nothing to vote on."""
    post = await life.in_review(Platform.THREADS)
    card = post.card_message_id or 0
    for server_id, message in ((SERVER, 1), (SERVER + 1, card)):
        found = await review.by_card(desk, server_id=server_id, card_message_id=message)
        assert found is None
    found = await review.by_card(desk, server_id=SERVER, card_message_id=card)
    assert found == post


async def test_approval_after_its_time(life: Life, clock: Clock) -> None:
    """A post whose time has passed cannot be approved any more, but rejected."""
    post = await life.in_review(Platform.THREADS, when="in 1 minute")
    clock.forward(timedelta(minutes=1))
    with pytest.raises(ConflictError, match="has passed"):
        await life.decide(post)
    assert (await life.decide(post, approves=False)).state is PostState.REJECTED


async def test_open_cards(life: Life, desk: Desk) -> None:
    """After a start the cards are read that wait for votes, or can still be held, those due first.

    A page is what comes behind a post, so that none is left out when those before it are decided.
    """
    untimed = await life.in_review(Platform.THREADS)
    later = await life.in_review(Platform.THREADS, when="in 2 hours")
    soon = await life.approved(Platform.THREADS, when="in 1 hour")
    await life.decide(await life.in_review(Platform.THREADS), approves=False)
    await life.approved(Platform.THREADS)
    await life.publish()
    found = await catch_up.open_cards(desk, SERVER)
    assert [post.id for post in found] == [soon.id, later.id, untimed.id]
    await life.decide(later, approves=False)
    behind = [await catch_up.open_cards(desk, SERVER, after=post) for post in found]
    assert [[post.id for post in page] for page in behind] == [[untimed.id], [untimed.id], []]
    assert await catch_up.open_cards(desk, SERVER + 1) == []


async def test_expiry(life: Life, clock: Clock, desk: Desk) -> None:
    """Silence never publishes: a post whose time comes undecided expires, and that is told once."""
    timed = await life.in_review(Platform.THREADS, when="in 1 minute")
    untimed = await life.in_review(Platform.THREADS)
    draft = await life.write(Platform.THREADS, when="in 1 minute")
    approved = await life.approved(Platform.THREADS, when="in 1 minute")
    await cancel.expire(desk)
    assert await life.state(timed) is PostState.IN_REVIEW
    clock.forward(timedelta(minutes=1))
    for _ in range(2):
        await cancel.expire(desk)
    assert await kinds(life, timed) == [EventKind.REVIEW_ASKED, EventKind.EXPIRED]
    states = [await life.state(post) for post in (timed, untimed, draft, approved)]
    assert states == [
        PostState.EXPIRED,
        PostState.IN_REVIEW,
        PostState.DRAFT,
        PostState.APPROVED,
    ]


@pytest.mark.parametrize("state", PostState)
async def test_cancel_in_every_state(life: Life, desk: Desk, state: PostState) -> None:
    """A post is cancelled from where the table of moves allows it, and else the answer says why."""
    post = await life.approved(Platform.THREADS)
    async with desk.database.transaction() as transaction:
        await transaction.execute(tables.posts.update().values(state=state))
    if PostState.CANCELLED in POST_MOVES[state]:
        await life.cancel(post)
        assert await life.state(post) is PostState.CANCELLED
        assert (await kinds(life, post))[-1] is EventKind.CANCELLED
    else:
        with pytest.raises(ConflictError, match=f"is {state.words} already"):
            await life.cancel(post)


async def test_cancel_before_it_leaves(life: Life, service: ScriptedService, clock: Clock) -> None:
    """A cancelled post does not go out when its time comes."""
    post = await life.approved(Platform.THREADS, Platform.FACEBOOK, when="in 1 minute")
    await life.cancel(post)
    clock.forward(timedelta(minutes=2))
    await life.publish()
    assert service.submissions == []
    assert {d.state for d in await life.deliveries(post)} == {S.CANCELLED}
    assert (await life.events(post))[-1].data == {"stopped": "2"}


async def test_cancel_after_it_left(life: Life) -> None:
    """What has left cannot be cancelled; nothing is changed by trying."""
    post = await life.approved(Platform.THREADS)
    await life.publish()
    with pytest.raises(ConflictError, match=r"has left already.*Delete it at the platform"):
        await life.cancel(post)
    assert await life.state(post) is PostState.APPROVED


@pytest.mark.parametrize(
    ("answer", "told_at_once"),
    [(Receipt(state=S.FAILED, reason="No."), True), (ACCEPTED, False)],
)
async def test_cancel_in_the_middle(
    life: Life,
    service: ScriptedService,
    clock: Clock,
    desk: Desk,
    answer: Receipt,
    told_at_once: bool,
) -> None:
    """What left before a cancel is told with its result; what had not left stays."""
    service.to_publish.append(answer)
    post = await life.approved(Platform.THREADS, Platform.FACEBOOK)
    stays, _ = await life.deliveries(post)
    async with desk.database.transaction() as transaction:
        await transaction.execute(
            tables.deliveries.update()
            .where(tables.deliveries.c.id == stays.id)
            .values(try_at=clock() + timedelta(hours=1))
        )
    await life.publish()
    await life.cancel(post)
    assert (EventKind.SETTLED in await kinds(life, post)) is told_at_once
    clock.forward(timedelta(hours=2))
    await life.publish()
    await life.track()
    assert len(service.submissions) == 1
    assert (await kinds(life, post)).count(EventKind.SETTLED) == 1
    assert S.CANCELLED in {d.state for d in await life.deliveries(post)}


@pytest.mark.parametrize(
    ("user", "may_any", "allowed"),
    [(AUTHOR, False, True), (STRANGER, True, True), (STRANGER, False, False)],
)
async def test_who_may_cancel(life: Life, user: int, may_any: bool, allowed: bool) -> None:
    """The author may cancel, and who may cancel any post; nobody else."""
    post = await life.in_review(Platform.THREADS)
    if allowed:
        await life.cancel(post, user_id=user, may_any=may_any)
    else:
        with pytest.raises(NotAllowedError, match="Ask its author"):
            await life.cancel(post, user_id=user, may_any=may_any)


async def test_other_servers_see_nothing(life: Life, desk: Desk) -> None:
    """A post is no post for another server."""
    post = await life.in_review(Platform.THREADS)
    elsewhere = {"server_id": SERVER + 1, "post_id": post.id}
    with pytest.raises(NotFoundError):
        await cancel.cancel(
            desk, server_id=SERVER + 1, post_id=post.id, user_id=AUTHOR, may_cancel_any=True
        )
    with pytest.raises(NotFoundError):
        await browse.show(desk, **elsewhere)
    assert await browse.recent(desk, server_id=SERVER + 1) == []


async def test_list_is_newest_first(life: Life, desk: Desk) -> None:
    """The list shows a server's newest posts with where they stand."""
    old, new = [await life.approved(Platform.THREADS) for _ in range(2)]
    await life.write(Platform.THREADS)
    shown = await browse.recent(desk, server_id=SERVER, states=[PostState.APPROVED])
    assert [item.post.id for item in shown] == [new.id, old.id]
    assert all(len(item.deliveries) == 1 for item in shown)
    assert len(await browse.recent(desk, server_id=SERVER, limit=1)) == 1


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_decision_is_compared(life: Life, desk: Desk) -> None:
    """A decision on a post that was read before someone else's decision is not made."""
    post = await life.in_review(Platform.THREADS)
    await life.decide(post, approves=False)
    async with desk.database.transaction() as transaction:
        assert not await db.post_moves.move(transaction, post, PostState.APPROVED)
