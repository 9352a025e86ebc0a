"""`/post history`: the chain of a post, in order, readable, and only for those who may see it."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot.domain.approval import Rules, Stage, Verdict
from bot.domain.event import Event, EventKind
from bot.domain.marks import USUAL
from bot.domain.platform import Platform
from bot.domain.post import Post
from bot.errors import ContentRejectedError, NotFoundError, OutcomeUnknownError
from bot.workflow import announce, browse, history, hold, recover, reschedule, revise
from bot.workflow.desk import Desk
from bot.workflow.recover import Answerer
from cogs.ui import happened
from cogs.ui import history as history_ui
from tests.cogs.discord_limits import assert_embed_fits
from tests.factories import APPROVER, AUTHOR, SERVER
from tests.life import Life
from tests.scripted import PUBLISHED, Clock, ScriptedService

OTHER = 21
on_both_engines = pytest.mark.parametrize("engine", ["sqlite", "postgresql"])


async def lines(desk: Desk, post: Post, user_id: int = AUTHOR) -> list[str]:
    """Read a post's history, without the times at which the lines begin."""
    found = await history.history(desk, server_id=SERVER, post_id=post.id, user_id=user_id)
    assert_embed_fits(history_ui.page(found)[0])
    return [re.sub(r"^(<t:\d+:[dt]> ){2}", "", line).strip() for line in history_ui.lines(found)]


async def change(life: Life, post: Post, **typed: Any) -> Post:
    """Have the author change a post."""
    draft = await life.write(Platform.THREADS, **typed)
    return await revise.edit(life.desk, post, draft)


@on_both_engines
async def test_the_whole_chain(
    life: Life, desk: Desk, clock: Clock, service: ScriptedService
) -> None:
    """Versions with what changed, votes with reasons, a hold, a move, calls, answers and links."""
    await life.rules(Rules(stages=(Stage(needed=2),)))
    post = await life.in_review(Platform.THREADS, caption="Fresh beans today", when="in 2 hours")
    steps = iter(range(100))

    def later() -> None:
        clock.forward(timedelta(seconds=1 + next(steps) % 2))

    later()
    await life.vote(post)
    later()
    await life.take_back(post)
    later()
    await life.vote(post, Verdict.CHANGES, user_id=OTHER, reason="Say *which* beans.")
    later()
    [telling] = await announce.take(desk)
    await announce.tell_later(desk, telling, trouble="Missing Access", is_closed=True)
    later()
    shown = await history.history(desk, server_id=SERVER, post_id=post.id, user_id=AUTHOR)
    post = await change(life, shown.shown.post, caption="Fresh Kenya beans", when="in 2 hours")
    later()
    await life.rules(Rules())
    await life.vote(post)
    later()
    shown = await history.history(desk, server_id=SERVER, post_id=post.id, user_id=AUTHOR)
    post = shown.shown.post
    await hold.hold(desk, life.voter(), post)
    later()
    await hold.release(desk, life.voter(), post)
    later()
    await reschedule.reschedule(
        desk,
        server_id=SERVER,
        post_id=post.id,
        when_text="in 1 hour",
        user_id=APPROVER,
        may_decide=True,
    )
    clock.forward(timedelta(hours=1, seconds=30))
    service.to_publish += [
        ContentRejectedError("Too *rude*.", excerpt='{"error": "rude", "key": "•••"}'),
        PUBLISHED,
    ]
    await life.publish()
    later()
    by = Answerer(server_id=SERVER, user_id=APPROVER, may_decide=True)
    await recover.publish_again(desk, by, [(await life.delivery(post)).id])
    later()
    service.to_publish.clear()
    await life.publish()
    moved_to = int(clock.moment.replace(hour=13, minute=0, second=13).timestamp())
    assert await lines(desk, post) == [
        f"📝 <@{AUTHOR}> wrote revision 1",
        "Fresh beans today",
        "Threads · Talk",
        f"🔔 <@{AUTHOR}> asked for approval · not told yet: Missing Access",
        f"✅ <@{APPROVER}> approves (revision 1)",
        f"↩️ <@{APPROVER}> took back their vote ✅",
        f"✏️ <@{OTHER}> asked for changes: Say \\*which\\* beans. · not told yet: Missing Access",
        f"📝 <@{AUTHOR}> wrote revision 2, which changes:",
        "**Text:** Fresh **Kenya** beans ~~today~~",
        "🔔 Approval was asked for again; what was voted before is void · being told",
        f"✅ Approved by <@{APPROVER}>",
        f"⏸️ <@{APPROVER}> held it back · being told",
        f"▶️ <@{APPROVER}> let it go · being told",
        f"📝 <@{APPROVER}> wrote revision 3, which changes:",
        "**When:** ~~2026-11-20 14:00 UTC~~ **2026-11-20 13:00 UTC**",
        f"🗓️ <@{APPROVER}> moved it: it goes out <t:{moved_to}:F> (<t:{moved_to}:R>) · being told",
        "📤 Called WAHDX: it refused, after 0.0 s",
        '`{"error": "rude", "key": "•••"}`',
        "❌ Threads · Talk: failed: Too \\*rude\\*.",
        "🏁 Everything of it has ended · being told",
        f"💬 <@{APPROVER}> said of Threads · Talk: publish again",
        "📤 Called WAHDX: it accepted, after 0.0 s",
        "✅ Threads · Talk: published · [open](https://social.example/1)",
        "🏁 Everything of it has ended · being told",
    ]


async def test_a_call_that_was_cut_off(life: Life, desk: Desk, service: ScriptedService) -> None:
    """A call whose outcome nobody knows says so."""
    service.to_publish.append(OutcomeUnknownError("Reset."))
    post = await life.approved(Platform.THREADS)
    await life.publish()
    told = await lines(desk, post)
    assert "📤 Called WAHDX: nobody knows whether it went out, after 0.0 s" in told


async def test_drafts_of_others_and_posts_of_elsewhere(life: Life, desk: Desk) -> None:
    """A draft is for its author alone, a post for its own server."""
    draft = await life.write(Platform.THREADS)
    assert await lines(desk, draft)
    with pytest.raises(NotFoundError):
        await lines(desk, draft, user_id=APPROVER)
    with pytest.raises(NotFoundError):
        await browse.show(desk, server_id=SERVER, post_id=draft.id, reader_id=APPROVER)
    assert await browse.recent(desk, server_id=SERVER, reader_id=APPROVER) == []
    assert len(await browse.recent(desk, server_id=SERVER, reader_id=AUTHOR)) == 1
    await life.cancel(draft)
    with pytest.raises(NotFoundError):
        await lines(desk, draft, user_id=APPROVER)
    post = await life.in_review(Platform.THREADS)
    assert await lines(desk, post, user_id=APPROVER)
    with pytest.raises(NotFoundError):
        await history.history(desk, server_id=SERVER + 1, post_id=post.id, user_id=AUTHOR)


async def test_long_chains_are_read_in_few_statements_and_shown_in_pages(
    life: Life, desk: Desk, clock: Clock
) -> None:
    """However long a chain, it is read in seven statements; each page fits, none of it is lost."""
    post = await life.in_review(Platform.THREADS, caption="*" * 400)
    for number in range(12):
        clock.forward(timedelta(minutes=1))
        draft = await life.write(Platform.THREADS, caption=f"{number} [a](b) {'~*`' * 150}")
        post = await revise.edit(desk, post, draft)
        await life.vote(post, Verdict.HOLD)
        await life.take_back(post, Verdict.HOLD)
    sent: list[str] = []
    engine = desk.database._reader.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *call: sent.append(call[2]))
    found = await history.history(desk, server_id=SERVER, post_id=post.id, user_id=AUTHOR)
    assert len([statement for statement in sent if statement.startswith("SELECT")]) <= 7
    packed = history_ui.pack(history_ui.lines(found))
    assert len(packed) > 2
    assert [line for part in packed for line in part] == history_ui.lines(found)
    for number in range(len(packed)):
        embed, view = history_ui.page(found, number + 1)
        assert_embed_fits(embed)
        assert f"Page {number + 1} of {len(packed)}" in (embed.footer.text or "")
        assert [item.item.disabled for item in view.children] == [  # pyright: ignore[reportAttributeAccessIssue]
            number == 0,
            number + 1 == len(packed),
        ]
    beyond, _ = history_ui.page(found, 99)
    assert f"Page {len(packed)} of" in (beyond.footer.text or "")


def test_every_kind_of_event_has_its_sentence(clock: Clock) -> None:
    """Nothing that can happen is missing from the chain, or breaks it."""
    happening = Event(id=1, server_id=SERVER, kind=EventKind.EXPIRED, at=clock(), post_id=1)
    of_posts = {kind for kind in EventKind if kind.split(".")[0] in ("post", "delivery")}
    assert of_posts <= happened.SENTENCES.keys() | happened.VOTES.keys()
    for kind in EventKind:
        data = {"verdict": "approve"} if kind is EventKind.VOTED else {}
        happened.sentence(replace(happening, kind=kind, data=data), USUAL)
