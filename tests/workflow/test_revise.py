"""Changing what the team was asked about: the votes are void, and it is asked again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.approval import Ballot, Rules, Stage, Verdict
from bot.domain.event import EventKind
from bot.domain.platform import Platform
from bot.domain.post import Post, PostState
from bot.errors import (
    ConflictError,
    InputError,
    NotAllowedError,
    NotFoundError,
    OutcomeUnknownError,
)
from bot.workflow import browse, cancel, catch_up, new_time, recover, revise
from bot.workflow.desk import Desk
from tests.factories import APPROVER, AUTHOR, SERVER
from tests.life import Life
from tests.scripted import Clock, ScriptedService

OTHER = 21


async def now(desk: Desk, post: Post) -> Post:
    """Read a post as it is."""
    return (await browse.show(desk, server_id=SERVER, post_id=post.id)).post


async def change(life: Life, post: Post, caption: str = "Other", when: str = "now") -> Post:
    """Have its author change a post."""
    draft = await life.write(Platform.THREADS, caption=caption, when=when)
    return await revise.edit(life.desk, post, draft)


async def test_a_change_voids_the_votes(life: Life, desk: Desk) -> None:
    """A changed post is a new revision without votes, and the old card is none any more."""
    await life.rules(Rules(stages=(Stage(needed=2),)))
    post = await life.in_review(Platform.THREADS)
    await life.vote(post)
    revised = await change(life, post)
    assert revised == await now(desk, post)
    assert (revised.content.number, revised.content.caption) == (2, "Other")
    assert revised.card_message_id is None
    assert (await catch_up.ballot(desk, post)) == Ballot()
    assert await life.vote(post, user_id=OTHER) is None, "a vote on what it was"
    happened = (await life.events(post))[-1]
    assert happened.kind is EventKind.REVISED
    assert '["Text", [["-", "Hello"], ["+", "Other"]]]' in happened.data["changes"]
    await life.vote(revised)
    await life.vote(revised, user_id=OTHER)
    [delivery] = await life.deliveries(post)
    assert delivery.content_hash == revised.content.digest()


@pytest.mark.parametrize("verdict", [Verdict.CHANGES, Verdict.REJECT])
async def test_what_was_sent_back_is_asked_again(life: Life, desk: Desk, verdict: Verdict) -> None:
    """After changes were asked for, or a rejection, the author asks again with a change."""
    post = await life.in_review(Platform.THREADS)
    await life.vote(post, verdict, reason="Shorter.")
    revised = await change(life, await now(desk, post))
    assert (revised.state, revised.decided_by) == (PostState.IN_REVIEW, None)


async def test_a_mistake_changes_nothing(life: Life, desk: Desk) -> None:
    """What is wrong is said, and the post stays as it was; what was typed is a draft."""
    post = await life.in_review(Platform.THREADS)
    draft = await life.write(Platform.THREADS, caption="x" * 501, when="soonish")
    with pytest.raises(InputError):
        await revise.edit(desk, post, draft)
    assert await now(desk, post) == post
    assert await life.state(draft) is PostState.DRAFT


async def test_the_draft_of_a_change_is_gone(life: Life, desk: Desk) -> None:
    """What was typed for a change is no post of its own afterwards."""
    post = await life.in_review(Platform.THREADS)
    draft = await life.write(Platform.THREADS, caption="Other")
    await revise.edit(desk, post, draft)
    with pytest.raises(NotFoundError):
        await life.state(draft)


async def test_the_same_time_stays(life: Life, desk: Desk, clock: Clock) -> None:
    """A time that was not written anew is not moved, though it was given as “in 2 hours”."""
    post = await life.in_review(Platform.THREADS, when="in 2 hours")
    clock.forward(timedelta(minutes=30))
    revised = await change(life, post, when="in 2 hours")
    assert revised.content.due_at == post.content.due_at
    with pytest.raises(ConflictError, match="Nothing of post"):
        await change(life, revised, when="in 2 hours")


async def test_who_may_change(life: Life, desk: Desk) -> None:
    """Its author alone, and not what has left."""
    post = await life.approved(Platform.THREADS)
    with pytest.raises(NotAllowedError, match="not yours"):
        await revise.find(desk, server_id=SERVER, post_id=post.id, user_id=APPROVER)
    with pytest.raises(NotFoundError):
        await revise.find(desk, server_id=SERVER + 1, post_id=post.id, user_id=AUTHOR)
    with pytest.raises(ConflictError, match="changed meanwhile"):
        await change(life, replace(post, state=PostState.IN_REVIEW))
    await life.publish()
    with pytest.raises(ConflictError, match="has left"):
        await revise.find(desk, server_id=SERVER, post_id=post.id, user_id=AUTHOR)
    with pytest.raises(ConflictError, match="has left"):
        await change(life, post)
    assert await life.state(post) is PostState.APPROVED
    assert len(await life.deliveries(post)) == 1


async def test_a_change_of_what_was_approved(life: Life, desk: Desk) -> None:
    """It voids the approval: nothing is with the machine until the change is approved."""
    post = await life.approved(Platform.THREADS)
    with pytest.raises(ConflictError, match="Nothing of post"):
        await change(life, post, caption=post.content.caption)
    revised = await change(life, post)
    assert (await life.state(post)) is PostState.IN_REVIEW
    assert await life.deliveries(post) == []
    await life.publish()
    assert await life.vote(revised) is not None
    [delivery] = await life.deliveries(post)
    assert delivery.content_hash == revised.content.digest() != post.content.digest()


async def test_what_was_begun_anew_is_not_changed(
    life: Life, desk: Desk, service: ScriptedService
) -> None:
    """People may be wrong that a lost call published nothing: it goes out under its own name or not
    at all, never as something else.
    """
    service.to_publish.append(OutcomeUnknownError("Lost."))
    post = await life.approved(Platform.THREADS)
    await life.publish()
    by = recover.Answerer(server_id=SERVER, user_id=APPROVER, may_decide=True)
    await recover.publish_again(desk, by, [(await life.delivery(post)).id])
    assert (await life.delivery(post)).attempts == 0
    with pytest.raises(ConflictError, match="has left"):
        await revise.find(desk, server_id=SERVER, post_id=post.id, user_id=AUTHOR)
    with pytest.raises(ConflictError, match="has left"):
        await change(life, await now(desk, post))
    assert len(await life.deliveries(post)) == 1


async def test_a_change_of_what_is_held(life: Life, desk: Desk) -> None:
    """What is held may be changed; nobody holds it any more, since it waits for approval."""
    post = await life.approved(Platform.THREADS, when="in 2 hours")
    await life.vote(post, Verdict.HOLD)
    revised = await change(life, await now(desk, post))
    assert (await catch_up.ballot(desk, revised)).held_by is None
    assert await life.deliveries(post) == []


@pytest.mark.parametrize("has_expired", [True, False])
async def test_approved_after_its_slot(
    life: Life, desk: Desk, clock: Clock, has_expired: bool
) -> None:
    """Who approves too late gives another time, and approves that: never silently, never at once."""
    post = await life.in_review(Platform.THREADS, when="in 1 minute")
    clock.forward(timedelta(minutes=1))
    if has_expired:
        await cancel.expire(desk)
    revised = await new_time.approve_at(desk, life.voter(), await now(desk, post), "in 2 hours")
    assert (revised.state, revised.decided_by) == (PostState.APPROVED, APPROVER)
    [delivery] = await life.deliveries(post)
    assert delivery.due_at == clock() + timedelta(hours=2)
    with pytest.raises(ConflictError, match="is approved"):
        await new_time.approve_at(desk, life.voter(), revised, "now")


async def test_a_new_time_is_asked_of_the_others_again(
    life: Life, desk: Desk, clock: Clock
) -> None:
    """Where two are needed, what the others approved was another time."""
    await life.rules(Rules(stages=(Stage(needed=2),)))
    post = await life.in_review(Platform.THREADS, when="in 1 minute")
    await life.vote(post)
    clock.forward(timedelta(minutes=1))
    await cancel.expire(desk)
    revised = await new_time.approve_at(desk, life.voter(OTHER), await now(desk, post), "now")
    assert revised.state is PostState.IN_REVIEW
    await life.vote(revised)
    assert await life.state(post) is PostState.APPROVED


async def test_an_author_gives_no_other_time(life: Life, desk: Desk, clock: Clock) -> None:
    """With four eyes a late post is not let out by whoever wrote it."""
    post = await life.in_review(Platform.THREADS, when="in 1 minute")
    clock.forward(timedelta(minutes=1))
    with pytest.raises(NotAllowedError, match="Four eyes"):
        await new_time.approve_at(desk, life.voter(AUTHOR), post, "now")
