"""Posts whose time a service keeps: handed over early, moved, taken back, followed to their end."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bot.domain.approval import Rules, Stage
from bot.domain.clip import ClipRef, PostClip
from bot.domain.delivery import DeliveryState
from bot.domain.pause import Scope
from bot.domain.platform import Platform
from bot.domain.post import Post, PostState
from bot.domain.times import Timing
from bot.errors import ConflictError, NotAllowedError, TryLaterError
from bot.workflow import cancel, compose, configure, connect, pause, reschedule, timing
from bot.workflow.desk import Desk
from bot.workflow.pause import Pauser
from providers.capabilities import Capabilities, Schedule
from providers.catalogue import PROVIDERS
from providers.submission import Receipt
from tests.factories import APPROVER, AUTHOR, SERVER, a_revision, a_target
from tests.life import Life
from tests.scripted import PUBLISHED, SCHEDULED, START, Clock, ScriptedService

S = DeliveryState
HOUR = timedelta(hours=1)
WINDOW = Schedule(lead=timedelta(minutes=5), horizon=timedelta(days=30))


@pytest.fixture
async def planned(service: ScriptedService, desk: Desk) -> ScriptedService:
    """Have a service that keeps times, chosen for the whole server."""
    service.can(schedule=WINDOW, cancels=True, reschedules=True)
    service.to_publish.append(SCHEDULED)
    await configure.change(desk, server_id=SERVER, user_id=APPROVER, timing=Timing.SERVICE)
    return service


async def handed_over(life: Life, when: str = "in 2 hours") -> Post:
    """Have a post approved and given to the service."""
    post = await life.approved(Platform.THREADS, when=when)
    await life.publish()
    return post


async def test_it_is_given_early_and_followed_after_its_time(
    life: Life, planned: ScriptedService, clock: Clock
) -> None:
    """The service gets the post at approval with its time, and is asked only after that time."""
    post = await handed_over(life)
    [submission] = planned.submissions
    assert submission.at == START + 2 * HOUR
    assert (await life.delivery(post)).state is S.SCHEDULED_AT_PROVIDER
    await life.track()
    assert planned.questions == []
    clock.forward(2 * HOUR + timedelta(minutes=1))
    await life.track()
    assert (await life.delivery(post)).state is S.PUBLISHED
    assert len(planned.submissions) == 1
    assert await life.settled(post) == 1


async def test_without_the_choice_the_time_is_kept_here(
    life: Life, service: ScriptedService, clock: Clock
) -> None:
    """What the service could do is not done unless it was chosen."""
    service.can(schedule=WINDOW)
    post = await life.approved(Platform.THREADS, when="in 2 hours")
    await life.publish()
    assert service.submissions == []
    clock.forward(2 * HOUR)
    await life.publish()
    assert [call.at for call in service.submissions] == [None]
    assert (await life.delivery(post)).state is S.PUBLISHED


async def test_a_time_beyond_the_horizon_is_handed_over_when_it_comes_into_it(
    life: Life, planned: ScriptedService, clock: Clock
) -> None:
    """A service that takes 30 days gets a post of day 40 on day 10."""
    await handed_over(life, when="in 40 days")
    assert planned.submissions == []
    clock.forward(timedelta(days=10, hours=2))
    await life.publish()
    assert [call.at for call in planned.submissions] == [START + timedelta(days=40)]


async def test_a_time_nearer_than_the_lead_is_kept_here(
    life: Life, planned: ScriptedService, clock: Clock
) -> None:
    """A time too near for the service is never given to it, and nothing goes out early."""
    planned.to_publish.clear()
    post = await handed_over(life, when="in 4 minutes")
    assert planned.submissions == []
    clock.forward(timedelta(minutes=4))
    await life.publish()
    assert [call.at for call in planned.submissions] == [None]
    assert (await life.delivery(post)).state is S.PUBLISHED


async def test_a_hand_over_that_comes_too_late_waits_for_the_time(
    life: Life, planned: ScriptedService, clock: Clock
) -> None:
    """A service that was away until the time was near does not publish early."""
    planned.to_publish.clear()
    planned.to_publish.extend([TryLaterError("Away."), PUBLISHED])
    post = await handed_over(life, when="in 10 minutes")
    clock.forward(timedelta(minutes=7))
    await life.publish()
    assert len(planned.submissions) == 1
    assert (await life.delivery(post)).state is S.WAITING
    clock.forward(timedelta(minutes=3))
    await life.publish()
    assert [call.at for call in planned.submissions][1:] == [None]
    assert (await life.delivery(post)).state is S.PUBLISHED


async def test_cancelling_takes_it_back_at_the_service(
    life: Life, planned: ScriptedService, desk: Desk
) -> None:
    """A post that waits at its service is cancelled there too, and told once."""
    post = await handed_over(life)
    kept = await cancel.cancel(
        desk, server_id=SERVER, post_id=post.id, user_id=AUTHOR, may_cancel_any=False
    )
    assert kept == []
    assert (await life.delivery(post)).state is S.CANCELLED
    assert await life.state(post) is PostState.CANCELLED
    [(asked, at)] = planned.changes
    assert (asked.remote_id, at) == ("job-1", None)
    assert await life.settled(post) == 0


@pytest.mark.parametrize("answer", [Receipt(state=S.PUBLISHED), TryLaterError("Away.")])
async def test_what_a_service_keeps_is_told(
    life: Life, planned: ScriptedService, desk: Desk, answer: Receipt | Exception
) -> None:
    """Where the service does not take it back, the post stays as it is and the reason is told."""
    post = await handed_over(life)
    planned.to_change.append(answer)
    if isinstance(answer, Exception):
        with pytest.raises(ConflictError, match="Away"):
            await life.cancel(post)
        assert await life.state(post) is PostState.APPROVED
        assert (await life.delivery(post)).state is S.SCHEDULED_AT_PROVIDER
    else:
        [sentence] = await cancel.cancel(
            desk, server_id=SERVER, post_id=post.id, user_id=AUTHOR, may_cancel_any=False
        )
        assert "published already" in sentence
        assert (await life.delivery(post)).state is S.PUBLISHED


async def test_a_service_that_takes_nothing_back_says_so(
    life: Life, planned: ScriptedService
) -> None:
    """Without the ability nothing is asked of the service, and the person is told where to go."""
    planned.can(cancels=False)
    post = await handed_over(life)
    with pytest.raises(ConflictError, match="cannot be taken back"):
        await life.cancel(post)


async def test_moving_it_moves_it_at_the_service(
    life: Life, planned: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """Another time is given to the service, and the post follows it."""
    post = await handed_over(life)
    at, kept = await reschedule.reschedule(
        desk,
        server_id=SERVER,
        post_id=post.id,
        when_text="in 5 hours",
        user_id=APPROVER,
        may_decide=True,
    )
    assert (at, kept) == (START + 5 * HOUR, [])
    assert [moment for _, moment in planned.changes] == [at]
    delivery = await life.delivery(post)
    assert (delivery.state, delivery.due_at) == (S.SCHEDULED_AT_PROVIDER, at)
    clock.forward(2 * HOUR + timedelta(minutes=1))
    await life.track()
    assert planned.questions == []


async def test_moving_what_waits_here(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """A post whose time is kept here goes out at the new time, once, as it was approved."""
    post = await life.approved(Platform.THREADS, when="in 2 hours")
    moved = partial(
        reschedule.reschedule,
        desk,
        server_id=SERVER,
        post_id=post.id,
        user_id=APPROVER,
        when_text="in 1 hour",
    )
    with pytest.raises(NotAllowedError):
        await moved(may_decide=False)
    await moved(may_decide=True)
    clock.forward(HOUR)
    await life.publish()
    assert (await life.delivery(post)).state is S.PUBLISHED
    clock.forward(HOUR)
    await life.publish()
    assert len(service.submissions) == 1
    with pytest.raises(ConflictError):
        await moved(may_decide=True)


@pytest.mark.parametrize(
    ("rules", "user", "said"),
    [
        (Rules(stages=(Stage(needed=2),)), APPROVER, "several people"),
        (Rules(stages=(Stage(), Stage())), APPROVER, "several people"),
        (Rules(), AUTHOR, "Four eyes"),
    ],
)
async def test_moving_keeps_the_rules(
    life: Life, desk: Desk, rules: Rules, user: int, said: str
) -> None:
    """Another time is not approved by fewer people than the post, nor by its author."""
    post = await life.approved(Platform.THREADS, when="in 2 hours")
    await life.rules(rules)
    with pytest.raises(NotAllowedError, match=said):
        await reschedule.reschedule(
            desk,
            server_id=SERVER,
            post_id=post.id,
            when_text="in 1 hour",
            user_id=user,
            may_decide=True,
        )


async def test_the_choice_of_one_post_goes_before_the_servers(
    life: Life, planned: ScriptedService, desk: Desk
) -> None:
    """A post can have its time kept here though the server leaves it to services."""
    draft = await life.write(Platform.THREADS, when="in 2 hours", timing=Timing.HERE)
    post = await compose.ask_review(desk, draft)
    assert post.content.timing is Timing.HERE


async def test_what_is_tried_already_goes_on_when_the_rest_is_moved(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """Moving what has not left does not make something else of what is being retried."""
    service.to_publish.extend([TryLaterError("Busy."), PUBLISHED])
    by = Pauser(server_id=SERVER, user_id=APPROVER, may_decide=True)
    accounts = {item.platform: item.id for item in await connect.accounts(desk, SERVER)}
    await pause.pause(desk, by, Scope.ACCOUNT, accounts[Platform.FACEBOOK])
    post = await life.approved(Platform.THREADS, Platform.FACEBOOK)
    await life.publish()
    await reschedule.reschedule(
        desk,
        server_id=SERVER,
        post_id=post.id,
        when_text="in 2 hours",
        user_id=APPROVER,
        may_decide=True,
    )
    clock.forward(timedelta(minutes=1))
    await life.publish()
    states = {item.target.platform: item.state for item in await life.deliveries(post)}
    assert states == {Platform.THREADS: S.PUBLISHED, Platform.FACEBOOK: S.WAITING}


@pytest.mark.parametrize(
    ("provider", "is_forced"), [("openshorts", True), ("wayinvideo", False), ("upload_post", False)]
)
def test_clips_that_do_not_last_are_handed_over_early(provider: str, is_forced: bool) -> None:
    """A service that throws clips away is given the time, though nobody chose that; where clips
    last, and for files, the time stays here.
    """
    clip = PostClip(connection_id=1, ref=ClipRef(project_id="job", index=0))
    target = a_target(provider=provider, platform=Platform.TIKTOK)
    content = a_revision(due_at=START + 2 * HOUR, targets=(target,), clip=clip)
    given = timing.early_at(capabilities_of, content, START)
    assert given == ({target.account_id: START} if is_forced else {})
    assert timing.early_at(capabilities_of, replace(content, clip=None), START) == {}


async def test_a_clip_that_will_be_gone_is_refused(
    life: Life, desk: Desk, service: ScriptedService
) -> None:
    """Where the service neither takes times nor keeps the clip until then, the author is told."""
    service.can(schedule=None, clip_making=capabilities_of("openshorts").clip_making)
    clip = PostClip(connection_id=1, ref=ClipRef(project_id="job", index=0))
    draft = await life.write(Platform.THREADS, when="in 1 hour")
    soon = replace(draft.content, clip=clip, due_at=START + HOUR)
    assert timing.problems(desk, soon, START) == []
    [problem] = timing.problems(desk, replace(soon, due_at=START + 48 * HOUR), START)
    assert "thrown the clip away" in problem.message
    assert "Give an earlier time" in problem.remedy


def capabilities_of(provider: str) -> Capabilities:
    """Return what a service declares."""
    return PROVIDERS[provider].capabilities
