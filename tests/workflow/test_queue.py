"""What goes out when: the coming days, the weekly slots, and which of them are free."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.platform import Platform
from bot.errors import ConflictError, ContentRejectedError, InputError
from bot.workflow import configure, queue, recover
from bot.workflow.desk import Desk
from tests.factories import APPROVER, SERVER
from tests.life import Life
from tests.scripted import ScriptedService
from tests.workflow.test_life import on_both_engines

DAY, WEEK = timedelta(days=1), timedelta(days=7)
TWO_WEEKS = 2 * WEEK
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # the first to come
WEDNESDAY = MONDAY + 2 * DAY


@pytest.fixture(autouse=True)
async def slots(desk: Desk) -> None:
    """Give the server two slots a week."""
    await set_slots(desk, "mon 9:00; every wed at 9:00")


async def set_slots(desk: Desk, text: str | None) -> str:
    """Set the slots, or leave them; what is kept afterwards."""
    server = await configure.change(desk, server_id=SERVER, user_id=APPROVER, slots=text)
    return server.slots


async def test_slots_are_kept_and_taken_away(desk: Desk) -> None:
    """Slots are kept one a line, stay when other settings change, and go when that is said."""
    assert await set_slots(desk, None) == "mon 09:00\nwed 09:00"
    with pytest.raises(InputError, match="is not understood"):
        await set_slots(desk, "some day")
    assert (await configure.get(desk, SERVER)).slots == "mon 09:00\nwed 09:00"
    assert await set_slots(desk, "None") == ""


@on_both_engines
async def test_each_post_gets_the_next_free_slot(life: Life, desk: Desk) -> None:
    """Slots are filled one after the other, whether posts are approved yet or not; one that is
    cancelled or rejected gives its slot back.
    """
    posts = [await life.in_review(Platform.THREADS, when="next slot") for _ in range(4)]
    times = [post.content.due_at for post in posts]
    assert times == [MONDAY, WEDNESDAY, MONDAY + WEEK, WEDNESDAY + WEEK]
    await life.decide(posts[0])
    await life.decide(posts[1], approves=False)
    await life.decide(posts[2])
    await life.cancel(posts[2])
    again = [await life.in_review(Platform.THREADS, when="next slot") for _ in range(3)]
    assert [post.content.due_at for post in again] == [
        WEDNESDAY,
        MONDAY + WEEK,
        MONDAY + 2 * WEEK,
    ]


async def test_a_series_takes_its_slots(life: Life) -> None:
    """What a series will bring takes slots, though it is not made yet."""
    await life.approved(Platform.THREADS, when="every mon 9:00")
    found = [await life.in_review(Platform.THREADS, when="next slot") for _ in range(2)]
    assert [post.content.due_at for post in found] == [WEDNESDAY, WEDNESDAY + WEEK]


async def test_what_was_missed_gets_the_next_free_slot(
    life: Life, desk: Desk, service: ScriptedService
) -> None:
    """A delivery that begins anew takes a slot too."""
    service.to_publish.append(ContentRejectedError("No."))
    post = await life.approved(Platform.THREADS)
    await life.publish()
    at = await queue.new_time(desk, SERVER, "next slot")
    assert at == MONDAY
    by = recover.Answerer(server_id=SERVER, user_id=APPROVER, may_decide=True)
    await recover.publish_again(desk, by, [(await life.delivery(post)).id], at=at)
    assert await queue.new_time(desk, SERVER, "next slot") == WEDNESDAY
    with pytest.raises(ConflictError, match="one time"):
        await queue.new_time(desk, SERVER, "every mon 9:00")


async def test_without_slots(life: Life, desk: Desk) -> None:
    """Where there are no slots, none is next, and it is said who sets them."""
    await set_slots(desk, "none")
    with pytest.raises(InputError, match="/desk settings"):
        await life.in_review(Platform.THREADS, when="next slot")
    assert await queue.slots(desk, await configure.get(desk, SERVER), 10) == []


@on_both_engines
async def test_what_is_coming(life: Life, desk: Desk) -> None:
    """Posts in review and approved, and what series bring, in order; no drafts, nothing that is
    over, nothing later.
    """
    await life.write(Platform.THREADS, when="tomorrow 9:00")
    await life.cancel(await life.approved(Platform.THREADS, when="tomorrow 9:00"))
    await life.approved(Platform.THREADS, when="in 20 days")
    series = await life.approved(Platform.THREADS, when="every mon 9:00")
    asked = await life.in_review(Platform.THREADS, Platform.FACEBOOK, when="mon 8:00")
    approved = await life.approved(Platform.THREADS, Platform.FACEBOOK, when="tue 9:00")
    found = await queue.coming(desk, SERVER, TWO_WEEKS)
    assert [(entry.at, entry.post.id, entry.is_repeat) for entry in found] == [
        (MONDAY - timedelta(hours=1), asked.id, False),
        (MONDAY, series.id, False),
        (MONDAY + DAY, approved.id, False),
        (MONDAY + WEEK, series.id, True),
    ]
    assert [len(entry.deliveries) for entry in found] == [0, 1, 2, 0]
    assert await queue.coming(desk, SERVER + 1, TWO_WEEKS) == []


async def test_what_is_in_the_slots(life: Life, desk: Desk) -> None:
    """The next slots come with what goes out then."""
    post = await life.approved(Platform.THREADS, when="wed 9:00")
    found = await queue.slots(desk, await configure.get(desk, SERVER), 3)
    assert [(slot.at, [entry.post.id for entry in slot.entries]) for slot in found] == [
        (MONDAY, []),
        (WEDNESDAY, [post.id]),
        (MONDAY + WEEK, []),
    ]
