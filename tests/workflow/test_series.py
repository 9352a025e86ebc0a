"""Posts that repeat: each is followed by the next, once, whatever happens."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.domain.clip import ClipRef, PostClip
from bot.domain.delivery import DeliveryState
from bot.domain.event import Event, EventKind
from bot.domain.platform import Platform
from bot.domain.post import Post, PostState
from bot.domain.times import Timing
from bot.errors import ConflictError, ContentRejectedError, InputError
from bot.workflow import (
    browse,
    cancel,
    claim,
    compose,
    configure,
    outcomes,
    record,
    recover,
    reschedule,
    revise,
    series,
)
from bot.workflow.desk import Desk
from db.database import Database
from db.tables import posts
from providers.capabilities import Schedule
from providers.openshorts.capabilities import CAPABILITIES as OPENSHORTS
from tests.factories import APPROVER, AUTHOR, SERVER
from tests.life import Life
from tests.scripted import ACCEPTED, PUBLISHED, START, Clock, ScriptedService
from tests.workflow.test_life import on_both_engines

S = DeliveryState
MINUTE, DAY, WEEK = timedelta(minutes=1), timedelta(days=1), timedelta(days=7)
EVERY = "every fri 12:05"  # START is a Friday at 12:00, UTC
FIRST = START + 5 * MINUTE


async def posts_of(life: Life) -> list[Post]:
    """Read every post, oldest first."""
    async with life.desk.database.reading() as reading:
        ids = (await reading.execute(select(posts.c.id).order_by(posts.c.id))).scalars()
    shown = [await browse.show(life.desk, server_id=SERVER, post_id=item) for item in ids]
    return [item.post for item in shown]


async def repeated(life: Life, post: Post) -> Event:
    """Read of a post that follows another that it does."""
    event, *_ = await life.events(post)
    assert event.kind is EventKind.REPEATED
    return event


async def at(life: Life, clock: Clock, moment: datetime) -> None:
    """Have the machine work at a moment."""
    clock.moment = moment
    await life.publish()
    await life.track()


async def settings(desk: Desk, **values: object) -> None:
    """Change the server's settings."""
    await configure.change(desk, server_id=SERVER, user_id=APPROVER, **values)  # pyright: ignore[reportArgumentType]


async def move(life: Life, post: Post, when: str) -> None:
    """Move a post, as an approver does."""
    await reschedule.reschedule(
        life.desk,
        server_id=SERVER,
        post_id=post.id,
        when_text=when,
        user_id=APPROVER,
        may_decide=True,
    )


@on_both_engines
async def test_the_next_is_made_when_the_last_has_ended(life: Life, clock: Clock) -> None:
    """It is approved by the same person, with the same content at the next time; and so on."""
    post = await life.approved(Platform.THREADS, Platform.FACEBOOK, when=EVERY, caption="Beans")
    assert post.content.due_at == FIRST
    assert len(await posts_of(life)) == 1
    await at(life, clock, FIRST)
    [first, second] = await posts_of(life)
    assert await life.settled(first) == 1
    assert second.state is PostState.APPROVED
    assert (second.author_id, second.decided_by) == (AUTHOR, APPROVER)
    assert (second.channel_id, second.series_id) == (post.channel_id, post.id)
    assert second.content == replace(first.content, due_at=FIRST + WEEK)
    assert [first.pattern, second.pattern] == [None, 1]
    deliveries = await life.deliveries(second)
    assert {(d.state, d.due_at) for d in deliveries} == {(S.WAITING, FIRST + WEEK)}
    assert {d.content_hash for d in deliveries} == {second.content.digest()}
    assert (await repeated(life, second)).data == {"follows": "1", "left_out": "0"}

    await at(life, clock, FIRST + WEEK)
    assert {d.state for d in await life.deliveries(second)} == {S.PUBLISHED}
    [*_, third] = await posts_of(life)
    assert third.content.due_at == FIRST + 2 * WEEK
    assert third.series_id == post.id


async def test_the_next_waits_for_every_account(
    life: Life, clock: Clock, service: ScriptedService
) -> None:
    """While one account of a post is under way, none follows."""
    service.to_publish.extend([PUBLISHED, ACCEPTED])
    service.to_tell.append(ACCEPTED)
    await life.approved(Platform.THREADS, Platform.FACEBOOK, when=EVERY)
    await at(life, clock, FIRST)
    assert len(await posts_of(life)) == 1
    service.to_tell.clear()
    await at(life, clock, FIRST + MINUTE)
    assert len(await posts_of(life)) == 2


@on_both_engines
async def test_a_result_told_again_makes_no_other(
    life: Life, clock: Clock, service: ScriptedService, desk: Desk
) -> None:
    """A post that failed, and is published anew weeks later, ends twice and is followed once."""
    service.to_publish.extend([ContentRejectedError("No."), PUBLISHED])
    post = await life.approved(Platform.THREADS, when=EVERY)
    await at(life, clock, FIRST)
    assert (await life.delivery(post)).state is S.FAILED
    assert len(await posts_of(life)) == 2
    by = recover.Answerer(server_id=SERVER, user_id=APPROVER, may_decide=True)
    await recover.publish_again(desk, by, [(await life.delivery(post)).id])
    await at(life, clock, FIRST + MINUTE)
    assert await life.settled(post) == 2
    assert len(await posts_of(life)) == 2


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_two_processes_end_a_post_at_once(
    life: Life, clock: Clock, desk: Desk, database_url: str
) -> None:
    """Two processes each end one of the last two deliveries: one next post is made."""
    await life.approved(Platform.THREADS, Platform.FACEBOOK, when=EVERY)
    clock.moment = FIRST
    calls = await claim.take_due(desk, free={})
    one, two = [outcomes.accepted(call, [PUBLISHED], clock()) for call in calls]
    other = Database(database_url)
    try:
        async with desk.database.transaction() as mine:
            await record.write(mine, [one], now=clock())
            async with other.transaction() as theirs:
                waiting = asyncio.create_task(record.write(theirs, [two], now=clock()))
                await asyncio.wait([waiting], timeout=0.1)
                await mine.commit()
                await waiting
    finally:
        await other.close()
    assert len(await posts_of(life)) == 2


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_two_processes_cancel_and_end_a_post_at_once(
    life: Life, clock: Clock, desk: Desk, database_url: str
) -> None:
    """One account is out, the other is cancelled at that moment: one post follows."""
    post = await life.approved(Platform.THREADS, Platform.FACEBOOK, when=EVERY)
    clock.moment = FIRST
    [call] = await claim.take_due(desk, free={1: 1})
    other = replace(desk, database=Database(database_url))
    try:
        ended = record.Recorder(desk).record(outcomes.accepted(call, [PUBLISHED], clock()))
        cancelled = cancel.cancel(
            other, server_id=SERVER, post_id=post.id, user_id=AUTHOR, may_cancel_any=False
        )
        await asyncio.gather(ended, cancelled)
    finally:
        await other.database.close()
    [first, _] = await posts_of(life)
    assert first.state is PostState.CANCELLED
    assert await life.settled(first) == 1


@pytest.mark.parametrize(
    ("away", "next_time", "left_out"),
    [
        (10 * MINUTE, FIRST + WEEK, "0"),  # a little late: it goes out
        (DAY, FIRST + WEEK, "0"),  # missed
        (3 * WEEK - MINUTE, FIRST + 3 * WEEK, "2"),
        (3 * WEEK, FIRST + 3 * WEEK, "2"),  # its time has come just now
        (3 * WEEK + 10 * MINUTE, FIRST + 3 * WEEK, "2"),  # it may still be so late
        (3 * WEEK + DAY, FIRST + 4 * WEEK, "3"),
    ],
)
async def test_after_a_while_away(
    life: Life,
    clock: Clock,
    service: ScriptedService,
    away: timedelta,
    next_time: datetime,
    left_out: str,
) -> None:
    """One post follows the late policy, then comes the next in time; how many were left out is
    told, and there is never a burst of old ones.
    """
    post = await life.approved(Platform.THREADS, when=EVERY)
    await at(life, clock, FIRST + away)
    expected = S.MISSED if away > 15 * MINUTE else S.PUBLISHED
    assert (await life.delivery(post)).state is expected
    [_, second, *_] = await posts_of(life)
    assert second.content.due_at == next_time
    assert (await repeated(life, second)).data["left_out"] == left_out
    for _ in range(3):
        await at(life, clock, FIRST + away)
    is_due = next_time <= FIRST + away
    assert len(await posts_of(life)) == (3 if is_due else 2)
    assert len(service.submissions) == (expected is S.PUBLISHED) + is_due


async def test_the_rule_stays_in_its_zone(life: Life, clock: Clock, desk: Desk) -> None:
    """The wall clock of the zone it was written in counts, over the change of the clocks and
    whatever the server's zone becomes.
    """
    clock.moment = datetime.fromisoformat("2026-03-20T12:00:00+00:00")
    await settings(desk, zone="Europe/Berlin")
    post = await life.approved(Platform.THREADS, when="every tue 9:00")
    await settings(desk, zone="Asia/Tokyo")
    times = ["2026-03-24T09:00+01:00", "2026-03-31T09:00+02:00", "2026-04-07T09:00+02:00"]
    for time in times[:2]:
        await at(life, clock, datetime.fromisoformat(time))
    found = await posts_of(life)
    assert [item.content.due_at for item in found] == [datetime.fromisoformat(t) for t in times]
    assert {item.content.zone for item in found} == {"Europe/Berlin"}
    assert post.content.repeats == "tue 09:00"


@on_both_engines
async def test_one_is_skipped(life: Life, clock: Clock, service: ScriptedService) -> None:
    """Cancelling one post of a series leaves that one out; the next follows at once."""
    post = await life.approved(Platform.THREADS, when=EVERY)
    await life.cancel(post)
    [first, second] = await posts_of(life)
    assert first.state is PostState.CANCELLED
    assert second.content.due_at == FIRST + WEEK
    await at(life, clock, FIRST)
    assert service.submissions == []
    await at(life, clock, FIRST + WEEK)
    assert len(service.submissions) == 1
    assert len(await posts_of(life)) == 3


@on_both_engines
async def test_a_series_is_ended(
    life: Life, clock: Clock, desk: Desk, service: ScriptedService
) -> None:
    """Cancelled with all that follow, none follows; any post of the series will do to say so."""
    post = await life.approved(Platform.THREADS, when=EVERY)
    await at(life, clock, FIRST)
    await cancel.cancel(
        desk,
        server_id=SERVER,
        post_id=post.id,
        user_id=AUTHOR,
        may_cancel_any=False,
        following=True,
    )
    [first, second] = await posts_of(life)
    assert [first.state, second.state] == [PostState.APPROVED, PostState.CANCELLED]
    assert (await life.events(second))[-1].data == {"stopped": "1", "following": "yes"}
    await at(life, clock, FIRST + 2 * WEEK)
    assert len(service.submissions) == 1
    assert len(await posts_of(life)) == 2
    with pytest.raises(ConflictError, match="is cancelled already"):
        await cancel.cancel(
            desk,
            server_id=SERVER,
            post_id=post.id,
            user_id=AUTHOR,
            may_cancel_any=False,
            following=True,
        )


async def test_what_was_not_approved_does_not_repeat(life: Life, clock: Clock, desk: Desk) -> None:
    """A post that is rejected, cancelled or expires in review is followed by none."""
    await life.decide(await life.in_review(Platform.THREADS, when=EVERY), approves=False)
    await life.cancel(await life.in_review(Platform.THREADS, when=EVERY))
    await life.in_review(Platform.THREADS, when=EVERY)
    await at(life, clock, FIRST + MINUTE)
    await cancel.expire(desk)
    states = [post.state for post in await posts_of(life)]
    assert states == [PostState.REJECTED, PostState.CANCELLED, PostState.EXPIRED]


@pytest.mark.parametrize("when", ["in 1 minute", "tomorrow 9:00", "now"])
async def test_one_is_moved(life: Life, clock: Clock, desk: Desk, when: str) -> None:
    """A post that is moved goes out at its new time; the next one comes as if it had not moved."""
    await settings(desk, zone="Europe/Berlin")
    post = await life.approved(Platform.THREADS, when="every fri 13:05")
    await settings(desk, zone="Asia/Tokyo")
    await move(life, post, when)
    moved = await life.delivery(post)
    assert moved.due_at != FIRST
    await at(life, clock, moved.due_at)
    assert (await life.delivery(post)).state is S.PUBLISHED
    [_, second] = await posts_of(life)
    assert second.content == replace(post.content, due_at=FIRST + WEEK)


async def test_the_rule_is_changed(life: Life, clock: Clock) -> None:
    """Given another rule, a post and those that follow go by it; a post already followed does not."""
    post = await life.approved(Platform.THREADS, when=EVERY)
    await move(life, post, "every mon 9:00")
    monday = datetime.fromisoformat("2026-11-23T09:00:00+00:00")
    assert (await life.delivery(post)).due_at == monday
    await at(life, clock, monday)
    [_, second] = await posts_of(life)
    assert second.content.due_at == monday + WEEK
    assert second.content.repeats == "mon 09:00"


async def test_a_post_is_made_to_repeat(life: Life, clock: Clock) -> None:
    """A post that was to go out once can be given a rule."""
    post = await life.approved(Platform.THREADS, when="in 1 minute")
    await move(life, post, EVERY)
    await at(life, clock, FIRST)
    assert [item.series_id for item in await posts_of(life)] == [post.id, post.id]


async def test_a_service_keeps_the_time_of_each(
    life: Life,
    clock: Clock,
    desk: Desk,
    service: ScriptedService,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the service keeps for the first post it keeps for those that follow."""
    schedule = Schedule(lead=MINUTE, horizon=3 * DAY)
    service.capabilities = replace(service.capabilities, schedule=schedule)  # pyright: ignore[reportAttributeAccessIssue]
    monkeypatch.setattr(series, "PROVIDERS", {"wahdx": service})
    await settings(desk, timing=Timing.SERVICE)
    post = await life.approved(Platform.THREADS, when=EVERY)
    assert (await life.delivery(post)).timing is Timing.SERVICE
    await at(life, clock, START)
    await at(life, clock, FIRST)
    [_, second] = await posts_of(life)
    await at(life, clock, FIRST + 3 * DAY)
    assert (await life.delivery(second)).state is S.WAITING
    await at(life, clock, FIRST + 5 * DAY)
    assert (await life.delivery(second)).timing is Timing.SERVICE
    assert [call.at for call in service.submissions] == [FIRST, FIRST + WEEK]


async def test_a_clip_that_does_not_last_cannot_repeat(
    life: Life, desk: Desk, service: ScriptedService
) -> None:
    """Where the service throws clips away, a rule is refused with what to do."""
    service.capabilities = replace(  # pyright: ignore[reportAttributeAccessIssue]
        service.capabilities, clip_making=OPENSHORTS.clip_making
    )
    draft = await life.write(Platform.THREADS, when=EVERY)
    clip = PostClip(connection_id=1, ref=ClipRef(project_id="p", index=0))
    with pytest.raises(InputError, match="cannot repeat"):
        await compose.ask_review(desk, replace(draft, content=replace(draft.content, clip=clip)))


@on_both_engines
async def test_one_of_them_is_changed(
    life: Life, clock: Clock, desk: Desk, service: ScriptedService
) -> None:
    """One that was changed is asked about alone; the others follow as they were approved."""
    post = await life.approved(Platform.THREADS, when=EVERY)
    draft = await life.write(Platform.THREADS, caption="This week only", when=EVERY)
    changed = await revise.edit(desk, post, draft)
    [_, following] = await posts_of(life)
    assert (changed.content.due_at, following.content.due_at) == (FIRST, FIRST + WEEK)
    assert (following.state, following.pattern) == (PostState.APPROVED, 1)
    await life.vote(changed)
    for moment in (FIRST, FIRST + WEEK):
        await at(life, clock, moment)
    sent = [each.caption for each in service.submissions]
    assert sent == ["This week only", post.content.caption]


async def test_one_of_them_takes_no_other_rule(life: Life, desk: Desk) -> None:
    """A series has one rule: who wants another ends it."""
    post = await life.approved(Platform.THREADS, when=EVERY)
    draft = await life.write(Platform.THREADS, caption="Other", when="every sat 9:00")
    with pytest.raises(ConflictError, match="one of a series"):
        await revise.edit(desk, post, draft)
    assert [item.id for item in await posts_of(life)] == [post.id, draft.id]
    assert len(await life.deliveries(post)) == 1
