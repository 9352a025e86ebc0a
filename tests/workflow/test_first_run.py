"""The first run: how far a server is follows from what is set; a rehearsal keeps nothing."""

from typing import Any

import pytest
from sqlalchemy import func, select

from bot.domain.first_run import ORDER, Step, after, before
from bot.domain.platform import Platform
from bot.errors import InputError, NotFoundError
from bot.workflow import accounts, configure, connect, first_run
from bot.workflow.desk import Desk
from db.tables import deliveries, posts
from tests.factories import APPROVER, AUTHOR, CHANNEL, SERVER
from tests.life import Life
from tests.scripted import ACCOUNTS, ScriptedService


async def next_step(desk: Desk) -> Step:
    """Where whoever comes back goes on."""
    return (await first_run.progress(desk, SERVER)).next_step


async def rehearse(desk: Desk, caption: str = "Hello"):
    """Rehearse a post."""
    return await first_run.rehearse(
        desk, server_id=SERVER, channel_id=CHANNEL, author_id=AUTHOR, caption=caption
    )


async def test_the_next_step_is_the_first_that_is_not_done(
    desk: Desk, service: ScriptedService
) -> None:
    """Each thing that is set, in whichever way, brings its step behind whoever comes back."""
    found = [await next_step(desk)]
    changes: list[dict[str, Any]] = [
        {"approvals_channel_id": 5},
        {"approver_role_id": 6},
        {"zone": "Asia/Tokyo"},
    ]
    for change in changes:
        await configure.change(desk, server_id=SERVER, user_id=APPROVER, **change)
        found.append(await next_step(desk))
    assert found == [Step.CHANNELS, Step.ROLES, Step.ZONE, Step.RULE]
    service.listed = []
    await connect.connect(
        desk, server_id=SERVER, provider="wahdx", credentials={"key": "k" * 20}, user_id=APPROVER
    )
    assert await next_step(desk) is Step.ACCOUNT  # the usual rule was taken
    service.listed = list(ACCOUNTS)
    await accounts.refresh(desk, SERVER)
    assert await next_step(desk) is Step.DRY_RUN


def test_steps_follow_each_other() -> None:
    """There is a way on from each step but the last, and back from each but the first."""
    assert [after(step) for step in ORDER] == [*ORDER[1:], None]
    assert [before(step) for step in ORDER] == [None, *ORDER[:-1]]


async def test_a_rehearsal(life: Life, desk: Desk, service: ScriptedService) -> None:
    """It takes an account that takes texts, is checked like any post, and leaves no row and no call."""
    post = await rehearse(desk)
    [target] = post.content.targets
    assert target.platform in {Platform.THREADS, Platform.FACEBOOK}
    with pytest.raises(InputError, match="takes"):
        await rehearse(desk, "x" * 100_000)
    async with desk.database.reading() as reading:
        for table in (posts, deliveries):
            counted = await reading.execute(select(func.count()).select_from(table))
            assert counted.scalar_one() == 0
    assert service.submissions == []


async def test_a_rehearsal_without_accounts(desk: Desk) -> None:
    """Without an account that can be used, it says what to do first."""
    with pytest.raises(NotFoundError, match="Connect one in the step before"):
        await rehearse(desk)
