"""`/desk status`: everything that waits, for whom and why."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.approval import Verdict
from bot.domain.delivery import DeliveryState
from bot.domain.event import EventKind
from bot.domain.pause import Scope
from bot.domain.platform import Platform
from bot.errors import ContentRejectedError, TryLaterError
from bot.workflow import announce, hold, pause
from bot.workflow.breaker import Broken
from bot.workflow.desk import Desk
from bot.workflow.pause import Pauser
from bot.workflow.status import Asker, status
from cogs.ui import status as status_ui
from tests.cogs.discord_limits import assert_embed_fits
from tests.factories import APPROVER, AUTHOR, ROLE, SERVER
from tests.life import Life
from tests.scripted import ACCOUNTS, START, Clock, ScriptedService

on_both_engines = pytest.mark.parametrize("engine", ["sqlite", "postgresql"])

NOBODY = Asker(user_id=1, roles=frozenset())


async def shown(desk: Desk, server_id: int = SERVER, asker: Asker = NOBODY) -> dict[str, str]:
    """Read what the answer shows, by the names of its fields."""
    embed = status_ui.embed(await status(desk, server_id, asker), desk.services)
    assert_embed_fits(embed)
    found = {field.name or "": field.value or "" for field in embed.fields}
    return found or {"": embed.description or ""}


@on_both_engines
async def test_nothing(life: Life, desk: Desk) -> None:
    """Where nothing waits, it says so; a post next week is no news."""
    await life.approved(Platform.THREADS, when="in 7 days")
    assert await shown(desk) == {"": "Nothing: no vote, no post within 24 hours, no trouble."}


@on_both_engines
async def test_everything(life: Life, desk: Desk, clock: Clock, service: ScriptedService) -> None:
    """Votes, times, troubles, what could not be told, services, accounts and pauses are shown."""
    undecided = await life.in_review(Platform.THREADS, when="in 3 hours")
    soon = await life.approved(Platform.FACEBOOK, when="in 2 hours")
    service.to_publish.append(ContentRejectedError("No."))
    failed = await life.approved(Platform.THREADS)
    await life.publish()
    [*_, telling] = await announce.take(desk)
    assert telling.post.id == failed.id
    await announce.tell_later(desk, telling, trouble="Discord: *closed*", is_closed=True)
    for _ in range(5):
        desk.breakers.heard(SERVER, 1, TryLaterError("Down."), clock())
    service.listed = [item for item in ACCOUNTS if item.platform is not Platform.TIKTOK]
    await life.connect()
    by = Pauser(server_id=SERVER, user_id=APPROVER, may_decide=True)
    await pause.pause(desk, by, Scope.SERVER, 0)
    await pause.pause(desk, by, Scope.CONNECTION, 1)
    found = await shown(desk)
    assert list(found) == [
        "Wants a vote",
        "Goes out within 24 h",
        "Wants people",
        "Could not be told",
        "Services",
        "Accounts",
        "Paused",
    ]
    card = f"(https://discord.com/channels/{SERVER}/"
    assert f"[Post {undecided.id}]{card}" in found["Wants a vote"]
    assert "waits for <@&15> · expires" in found["Wants a vote"]
    assert f"[Post {soon.id}]{card}" in found["Goes out within 24 h"]
    assert found["Goes out within 24 h"].endswith("1 account · paused")
    assert f"[Post {failed.id}]{card}" in found["Wants people"]
    assert "failed · Threads · Talk" in found["Wants people"]
    assert (
        f"Post {failed.id}: what became of it · Discord: \\*closed\\*"
        in (found["Could not be told"])
    )
    assert found["Services"].startswith("WAHDX · key …cdef does not answer; asked again")
    assert "TikTok · Clips" in found["Accounts"]
    assert "This server · by <@13>" in found["Paused"]
    assert "WAHDX · key …cdef · by <@13>" in found["Paused"]


async def test_of_ones_own_server(life: Life, desk: Desk) -> None:
    """Nobody sees what waits elsewhere."""
    await life.in_review(Platform.THREADS, when="in 3 hours")
    assert "Wants a vote" in await shown(desk)
    assert list(await shown(desk, SERVER + 1)) == [""]


async def test_very_much(life: Life, desk: Desk, service: ScriptedService) -> None:
    """However much waits, the answer is one message that Discord takes, and counts the rest."""
    service.to_publish.append(ContentRejectedError("No " * 500))
    for _ in range(12):
        await life.in_review(Platform.THREADS, when="in 3 hours", caption="x" * 400)
        await life.approved(Platform.FACEBOOK, when="in 2 hours")
        await life.approved(Platform.THREADS, Platform.FACEBOOK)
    for _ in range(12):
        await life.publish()
    for telling in await announce.take(desk):
        await announce.tell_later(desk, telling, trouble="*Discord* " * 100)
    by = Pauser(server_id=SERVER, user_id=APPROVER, may_decide=True)
    await pause.pause(desk, by, Scope.SERVER, 0)
    found = await status(desk, SERVER, Asker(user_id=AUTHOR, roles=frozenset()))
    broken = Broken(connection_id=1, since=START, until=START, reason="*down* " * 200)
    bad = [replace(account, usable=False) for account in found.accounts]
    much = replace(found, pauses=[*found.pauses] * 50, accounts=bad * 50, broken=[broken] * 50)
    embed = status_ui.embed(much, desk.services)
    assert_embed_fits(embed)
    assert len(embed.fields) == 8
    for field in embed.fields:
        lines = (field.value or "").splitlines()
        assert lines[-1].startswith("… and ")
        assert len(lines) - 1 + int(lines[-1].split()[2]) >= 12


async def test_a_trouble_that_was_told_is_no_trouble_any_more(life: Life, desk: Desk) -> None:
    """What could be told in the end, or is being told, is not shown."""
    await life.in_review(Platform.THREADS, when="in 30 hours")
    [telling] = await announce.take(desk)
    await announce.tell_later(desk, telling, trouble="Closed.", is_closed=True)
    assert "Could not be told" in await shown(desk)
    await announce.take_up(desk, SERVER)
    [telling] = await announce.take(desk)
    await announce.told(desk, telling)
    assert "Could not be told" not in await shown(desk)


@on_both_engines
async def test_a_card_that_cannot_be_shown_holds_back_nothing(
    life: Life, desk: Desk, clock: Clock
) -> None:
    """While the card waits for its channel, what happens next is told; the card is tried again,
    ever more rarely, and once it was shown no more.
    """
    post = await life.approved(Platform.THREADS)
    [telling] = await announce.take(desk)
    await announce.card_is_due(desk, telling, "Missing Access")
    assert EventKind.CARD_DUE in [event.kind for event in await life.events(post)]
    await life.publish()
    [telling] = await announce.take(desk)
    assert EventKind.SETTLED in [event.kind for event in telling.events]
    await announce.card_is_due(desk, telling, "Missing Access")
    waits: list[timedelta] = []
    last = telling
    for _ in range(16):
        began = clock()
        while not (taken := await announce.take(desk)):
            clock.forward(timedelta(minutes=1))
        waits.append(clock() - began)
        [telling] = taken
        assert {event.kind for event in telling.events} == {EventKind.CARD_DUE}
        last = telling
        await announce.card_is_due(desk, telling, "Missing Access")
    assert timedelta(minutes=30) < waits[-1] <= timedelta(minutes=90)
    await announce.told(desk, last)
    clock.forward(timedelta(hours=2))
    assert await announce.take(desk) == []
    assert (await life.delivery(post)).state is DeliveryState.PUBLISHED


async def test_what_waits_for_whoever_asks(
    life: Life, desk: Desk, clock: Clock, service: ScriptedService
) -> None:
    """An approver's missing votes and reasons, an author's drafts, failures and what was sent back:
    each sees their own, what is due first before the rest.
    """
    late = await life.in_review(Platform.THREADS, when="in 3 hours")
    soon = await life.in_review(Platform.THREADS, when="in 2 hours")
    unsaid = await life.in_review(Platform.THREADS)
    await life.vote(unsaid, Verdict.REJECT)
    back = await life.in_review(Platform.THREADS)
    await life.vote(back, Verdict.CHANGES, reason="Shorter.")
    held = await life.approved(Platform.THREADS, when="in 2 hours")
    await hold.hold(desk, life.voter(), held)
    service.to_publish.append(ContentRejectedError("No."))
    failed = await life.approved(Platform.THREADS)
    await life.publish()
    draft = await life.write(Platform.THREADS, caption="Not *yet*")
    approver = Asker(user_id=APPROVER, roles=frozenset({ROLE}))
    told = (await shown(desk, asker=approver))["Waits for you"].splitlines()
    posts = [unsaid, soon, late, held]
    assert [f"[Post {post.id}]" in line for post, line in zip(posts, told, strict=True)] == [
        True
    ] * 4
    assert [line.split(" · ")[1][:8] for line in told] == [
        "say why,",
        "your vot",
        "your vot",
        "you hold",
    ]
    author = Asker(user_id=AUTHOR, roles=frozenset())
    told = (await shown(desk, asker=author))["Waits for you"].splitlines()
    assert [line.split(" · ", 1)[1] for line in told] == [
        "failed · Threads · Talk",
        f"<@{APPROVER}> asks you for changes",
        "your draft · Not \\*yet\\*",
    ]
    assert f"[Post {failed.id}]" in told[0]
    assert f"[Post {back.id}]" in told[1]
    assert f"Post {draft.id}" in told[2]
    assert "Waits for you" not in await shown(desk)
    assert "Waits for you" not in await shown(desk, SERVER + 1, approver)
