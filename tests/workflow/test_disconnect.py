"""Disconnecting a service while something waits there, and afterwards."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.domain.approval import Rules, Stage
from bot.domain.event import EventKind
from bot.domain.pause import Scope
from bot.domain.platform import Platform
from bot.domain.post import Post, PostState
from bot.errors import (
    ConflictError,
    ContentRejectedError,
    InputError,
    NotFoundError,
    RefusedError,
)
from bot.workflow import announce, backups, browse, configure, connect, pause, recover
from bot.workflow.desk import Desk
from bot.workflow.disconnect import Waiting, disconnect
from bot.workflow.pause import Pauser
from bot.workflow.recover import Answerer
from db.tables import accounts, connections, events
from tests.factories import APPROVER, AUTHOR, ROLE, SERVER
from tests.life import Life
from tests.scripted import ACCEPTED, SCHEDULED, Clock, ScriptedService

KEY = "sk_canary_0123456789_second"


async def close(
    desk: Desk, waiting: Waiting | None = None, *, connection: int = 1, server: int = SERVER
) -> list[int]:
    """Disconnect the service as an admin."""
    done = await disconnect(
        desk, server_id=server, connection_id=connection, user_id=APPROVER, waiting=waiting
    )
    return list(done)


async def mapped(
    life: Life, platform: Platform = Platform.THREADS, *, failover: bool = False
) -> int:
    """Connect the service again, and name its account as the backup; the id of that."""
    [first] = [
        one.id for one in await connect.accounts(life.desk, SERVER) if one.platform is platform
    ]
    second = (await life.connect(KEY))[platform]
    await backups.choose(
        life.desk, server_id=SERVER, user_id=APPROVER, account_id=first, backup_id=second
    )
    if failover:
        await configure.change(life.desk, server_id=SERVER, user_id=APPROVER, failover=True)
    return second


async def post_of(desk: Desk, post: Post) -> Post:
    """Read a post as it is now."""
    return (await browse.show(desk, server_id=SERVER, post_id=post.id)).post


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_what_is_left_of_it(life: Life, desk: Desk) -> None:
    """The key is gone for good, nothing of it is offered, and what went out stays to be read."""
    post = await life.approved(Platform.THREADS)
    await life.publish()
    second = await mapped(life)
    assert await close(desk, connection=2) == []
    async with desk.database.reading() as reading:
        rows = (await reading.execute(select(connections).order_by(connections.c.id))).all()
        kept = (await reading.execute(select(accounts).where(accounts.c.id == second))).one()
    assert [bool(row.secret) for row in rows] == [True, False]
    assert rows[1].closed_at == desk.now()
    assert (kept.usable, kept.health) == (False, "gone")
    assert [item.id for item in await connect.connections(desk, SERVER)] == [1]
    offered = await connect.accounts(desk, SERVER)
    assert {item.connection_id for item in offered} == {1}
    assert {item.backup_id for item in offered} == {None}
    with pytest.raises(NotFoundError):
        await desk.services.of(SERVER, 2)
    assert await close(desk) == []
    assert (await life.delivery(post)).state == "published"
    with pytest.raises(NotFoundError):
        await close(desk)
    async with desk.database.reading() as reading:
        found = await reading.execute(
            select(events.c.actor_id).where(events.c.kind == EventKind.DISCONNECTED)
        )
        assert found.scalars().all() == [APPROVER, APPROVER]


async def test_another_server_cannot(life: Life, desk: Desk) -> None:
    """A connection is closed by its own server only."""
    with pytest.raises(NotFoundError):
        await close(desk, server=SERVER + 1)
    assert await connect.connections(desk, SERVER)


async def test_its_pauses_end_with_it(life: Life, desk: Desk) -> None:
    """Nothing stays paused that is not there any more."""
    by = Pauser(server_id=SERVER, user_id=APPROVER, may_decide=True)
    await pause.pause(desk, by, Scope.CONNECTION, 1)
    await pause.pause(desk, by, Scope.ACCOUNT, 1)
    await close(desk)
    assert await pause.find(desk, SERVER) == []


async def test_nothing_is_published_again_through_it(
    life: Life, desk: Desk, service: ScriptedService
) -> None:
    """What failed before stays failed: the answer says that its service is disconnected."""
    service.to_publish.append(ContentRejectedError("Too rude."))
    post = await life.approved(Platform.THREADS)
    await life.publish()
    await close(desk)
    by = Answerer(server_id=SERVER, user_id=APPROVER, may_decide=True)
    failed = await life.delivery(post)
    with pytest.raises(ConflictError, match="The service behind Threads · Talk is disconnected"):
        await recover.publish_again(desk, by, [failed.id])
    assert (await life.delivery(post)).state == "failed"


async def test_the_same_key_again_is_a_new_connection(life: Life, desk: Desk) -> None:
    """Connecting again begins anew beside what is history."""
    await close(desk)
    await life.connect()
    assert [item.id for item in await connect.connections(desk, SERVER)] == [2]
    assert len(await connect.accounts(desk, SERVER)) == 4


async def test_posts_that_wait_are_named(life: Life, desk: Desk) -> None:
    """It is refused while a post is before the team, waits for its time or is held."""
    asked = await life.in_review(Platform.THREADS, when="tomorrow 9:00")
    approved = await life.approved(Platform.FACEBOOK, when="tomorrow 9:00", caption="Later")
    with pytest.raises(ConflictError, match=f"post {asked.id}, post {approved.id}") as caught:
        await close(desk)
    assert "`waiting:`" in caught.value.remedy
    assert await connect.connections(desk, SERVER)


async def test_waiting_posts_are_cancelled(life: Life, desk: Desk) -> None:
    """Asked to, it cancels them; a series ends with it."""
    asked = await life.in_review(Platform.THREADS, when="tomorrow 9:00")
    series = await life.approved(Platform.THREADS, when="every fri 9:00")
    assert await close(desk, Waiting.CANCEL) == [asked.id, series.id]
    for post in (asked, series):
        assert await life.state(post) is PostState.CANCELLED
    assert (await post_of(desk, series)).pattern is None
    assert await connect.connections(desk, SERVER) == []


async def test_what_is_being_sent_is_waited_for(
    life: Life, desk: Desk, service: ScriptedService
) -> None:
    """Neither moved nor cancelled is what a service works on: the connection stays until its end."""
    service.to_publish.append(ACCEPTED)
    post = await life.approved(Platform.THREADS)
    await life.publish()
    with pytest.raises(ConflictError, match=f"Something waits there: post {post.id}"):
        await close(desk, Waiting.CANCEL)
    await mapped(life)
    with pytest.raises(InputError, match="it is being sent now"):
        await close(desk, Waiting.MOVE)
    assert len(await connect.connections(desk, SERVER)) == 2


async def test_what_a_service_keeps_is_said(
    life: Life, desk: Desk, service: ScriptedService
) -> None:
    """Where a service does not give back what it has, the connection stays, and why is said."""
    service.to_publish.append(SCHEDULED)
    post = await life.approved(Platform.THREADS)
    await life.publish()
    with pytest.raises(ConflictError, match="cannot be taken back from here") as caught:
        await close(desk, Waiting.CANCEL)
    assert f"post {post.id}" in str(caught.value)
    service.can(cancels=True)
    assert await close(desk, Waiting.CANCEL) == [post.id]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_waiting_posts_are_moved(
    life: Life, desk: Desk, service: ScriptedService, clock: Clock
) -> None:
    """An approved post goes out at its time through the account that stands for its own."""
    post = await life.approved(Platform.THREADS, when="tomorrow 9:00")
    second = await mapped(life)
    assert await close(desk, Waiting.MOVE) == [post.id]
    moved = await life.delivery(post)
    assert (moved.target.account_id, moved.target.connection_id) == (second, 2)
    assert (moved.state, moved.due_at, moved.round) == ("waiting", post.content.due_at, 1)
    now = await post_of(desk, post)
    assert (now.state, now.content.number) == (PostState.APPROVED, 2)
    assert moved.content_hash == now.content.digest()
    assert EventKind.MOVED_OVER in [event.kind for event in await life.events(post)]
    clock.moment = post.content.due_at or clock.moment
    await life.publish()
    assert (await life.delivery(post)).state == "published"
    assert [item.remote_id for item in service.submissions[0].recipients] == ["th"]


async def test_a_post_before_the_team_is_asked_about_again(life: Life, desk: Desk) -> None:
    """What is not approved yet is put before the team with the other account; the votes are void."""
    post = await life.in_review(Platform.THREADS, when="tomorrow 9:00")
    second = await mapped(life)
    await close(desk, Waiting.MOVE)
    now = await post_of(desk, post)
    assert (now.state, now.content.number) == (PostState.IN_REVIEW, 2)
    assert [target.account_id for target in now.content.targets] == [second]
    assert now.content.due_at == post.content.due_at
    await announce.card_sent(desk, post.id, channel_id=1, message_id=99)
    assert (await life.decide(now)).state is PostState.APPROVED


async def test_the_next_of_a_series_is_moved_too(life: Life, desk: Desk, clock: Clock) -> None:
    """What follows a moved post copies it as it is now."""
    post = await life.approved(Platform.THREADS, when="every fri 9:00")
    second = await mapped(life)
    await close(desk, Waiting.MOVE)
    clock.moment = post.content.due_at or clock.moment
    await life.publish()
    [following] = (
        item.post
        for item in await browse.recent(desk, server_id=SERVER)
        if item.post.series_id == post.id and item.post.id != post.id
    )
    assert [target.account_id for target in following.content.targets] == [second]


async def test_what_a_service_has_early_is_taken_back_and_moved(
    life: Life, desk: Desk, service: ScriptedService
) -> None:
    """A post that a service keeps for its time is taken back there, and waits here instead."""
    service.to_publish.append(SCHEDULED)
    service.can(cancels=True)
    post = await life.approved(Platform.THREADS)
    await life.publish()
    second = await mapped(life)
    await close(desk, Waiting.MOVE)
    moved = await life.delivery(post)
    assert (moved.state, moved.target.account_id, moved.remote_id) == ("waiting", second, "")
    assert len(service.changes) == 1


async def test_without_an_account_to_move_to(life: Life, desk: Desk) -> None:
    """Nothing is moved while one post has no account to go on with; all are named with why."""
    with_one = await life.approved(Platform.THREADS, when="tomorrow 9:00")
    without = await life.approved(Platform.FACEBOOK, when="tomorrow 9:00", caption="x")
    await mapped(life)
    with pytest.raises(InputError) as caught:
        await close(desk, Waiting.MOVE)
    [problem] = caught.value.problems
    assert problem.field == f"Post {without.id} · Facebook · Page"
    assert "no account of another connection stands for it" in problem.message
    assert (await life.delivery(with_one)).target.connection_id == 1


TWO = Rules(stages=(Stage(roles=(ROLE,), needed=2),))


@pytest.mark.parametrize("failover", [True, False])
async def test_where_one_approval_is_not_enough(life: Life, desk: Desk, failover: bool) -> None:
    """Where several approve, only what was approved as a backup may take over."""
    first = next(one.id for one in await connect.accounts(desk, SERVER) if "Talk" in one.label)
    await mapped(life, failover=failover)
    post = await life.in_review(accounts=[first], when="tomorrow 9:00")
    await life.rules(TWO)
    await life.vote(post)
    await life.vote(post, user_id=APPROVER + 7)
    assert await life.state(post) is PostState.APPROVED
    if failover:
        assert await close(desk, Waiting.MOVE) == [post.id]
    else:
        with pytest.raises(RefusedError, match="need the approval of others here"):
            await close(desk, Waiting.MOVE)


async def test_an_author_does_not_approve_by_moving(life: Life, desk: Desk) -> None:
    """Four eyes: whoever wrote a post does not give it other accounts."""
    post = await life.approved(Platform.THREADS, when="tomorrow 9:00")
    await mapped(life)
    with pytest.raises(InputError, match="need the approval of others here"):
        await disconnect(
            desk, server_id=SERVER, connection_id=1, user_id=AUTHOR, waiting=Waiting.MOVE
        )
    rules = replace((await configure.get(desk, SERVER)).approval, four_eyes=False)
    await life.rules(rules)
    done = await disconnect(
        desk, server_id=SERVER, connection_id=1, user_id=AUTHOR, waiting=Waiting.MOVE
    )
    assert list(done) == [post.id]
