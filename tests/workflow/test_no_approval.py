"""Where no approval is needed, one rule says so for every way in and every change."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.domain.approval import Roles, Rules, Stage
from bot.domain.platform import Platform
from bot.domain.post import Post, PostState
from bot.errors import NotAllowedError
from bot.workflow import browse, cancel, compose, new_time, reschedule, revise
from bot.workflow.desk import Desk
from tests.factories import APPROVER, AUTHOR, ROLE, SERVER
from tests.life import Life
from tests.scripted import Clock

WRITERS, OTHERS = 31, 32
FREE, FREE_ROLE = Rules(free=True), Rules(free_roles=(WRITERS,))
NOBODY_IS_FREE = Rules(free_roles=(OTHERS,))
IS_WRITER = frozenset({WRITERS})
Way = Callable[[Life], Awaitable[Post]]


async def sent(life: Life) -> Post:
    """Put in by a command, a button or the menu: all end here."""
    draft = await life.write(Platform.THREADS, when="in 2 hours")
    return await compose.ask_review(life.desk, draft, author_roles=IS_WRITER)


async def changed(life: Life) -> Post:
    """Changed while it was asked about."""
    post = await waiting(life)
    draft = await life.write(Platform.THREADS, caption="Other", when="in 2 hours")
    return await revise.edit(life.desk, post, draft, author_roles=IS_WRITER)


async def asked_again(life: Life) -> Post:
    """Asked again by an approver after it expired: the roles of its author count, not theirs."""
    post = await waiting(life)
    clock = life.desk.now
    assert isinstance(clock, Clock)
    clock.forward(timedelta(hours=3))
    await cancel.expire(life.desk)
    life.roles[AUTHOR] = IS_WRITER
    expired = (await browse.show(life.desk, server_id=SERVER, post_id=post.id)).post
    return await new_time.ask_again(life.desk, life.voter(), expired, "in 2 hours")


async def waiting(life: Life) -> Post:
    """Put in while approval was needed."""
    chosen = (await life.settings()).approval
    await life.rules(Rules(stages=(Stage(needed=2),)))
    post = await life.in_review(Platform.THREADS, when="in 2 hours")
    await life.rules(chosen)
    return post


@pytest.mark.parametrize("way", [sent, changed, asked_again])
@pytest.mark.parametrize(
    ("rules", "state"),
    [
        (FREE, PostState.APPROVED),
        (FREE_ROLE, PostState.APPROVED),
        (NOBODY_IS_FREE, PostState.IN_REVIEW),
    ],
)
async def test_every_way_in(life: Life, way: Way, rules: Rules, state: PostState) -> None:
    """Approved at once, by nobody, with its deliveries; or asked about like any other."""
    await life.rules(rules)
    post = await way(life)
    assert (post.state, post.decided_by) == (state, None)
    assert len(await life.deliveries(post)) == (state is PostState.APPROVED)


@pytest.mark.parametrize(
    ("rules", "user", "roles", "may_decide", "is_moved"),
    [
        (FREE, AUTHOR, frozenset[int](), False, True),
        (FREE_ROLE, AUTHOR, IS_WRITER, False, True),
        (FREE_ROLE, AUTHOR, frozenset[int](), False, False),
        (NOBODY_IS_FREE, AUTHOR, IS_WRITER, False, False),
        (NOBODY_IS_FREE, AUTHOR, frozenset({ROLE}), True, False),
        (FREE_ROLE, APPROVER, frozenset({ROLE}), True, True),
        (FREE, APPROVER, frozenset[int](), False, False),
    ],
)
async def test_another_time(
    life: Life,
    desk: Desk,
    rules: Rules,
    user: int,
    roles: Roles,
    may_decide: bool,
    is_moved: bool,
) -> None:
    """Moving a post is approving its new time: an author who needs no approval moves their own."""
    post = await life.approved(Platform.THREADS, when="in 2 hours")
    await life.rules(rules)
    moving = reschedule.reschedule(
        desk,
        server_id=SERVER,
        post_id=post.id,
        when_text="in 1 hour",
        user_id=user,
        may_decide=may_decide,
        roles=roles,
    )
    if is_moved:
        await moving
    else:
        with pytest.raises(NotAllowedError):
            await moving
