"""Changing a draft: kept for its author, never over what somebody else changed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain import editing
from bot.domain.limits import AccountLimits
from bot.domain.platform import Platform
from bot.domain.post import Post, PostState
from bot.domain.server import AccountHealth
from bot.errors import ConflictError, InputError, NotAllowedError, NotFoundError
from bot.workflow import accounts, browse, compose, connect, discard, examine, redraft, revise
from bot.workflow.desk import Desk
from bot.workflow.redraft import Hand
from tests.factories import APPROVER, AUTHOR, SERVER, a_media, a_video
from tests.life import Life
from tests.scripted import ACCOUNTS, Clock, ScriptedService

TIKTOK, INSTAGRAM, THREADS, FACEBOOK = (
    Platform.TIKTOK,
    Platform.INSTAGRAM,
    Platform.THREADS,
    Platform.FACEBOOK,
)


def hand(draft: Post) -> Hand:
    """The author at a draft as it was read."""
    return redraft.hand_of(draft)


def account(draft: Post, platform: Platform) -> int:
    """The account of a draft on a platform."""
    return next(each.account_id for each in draft.content.targets if each.platform is platform)


async def with_caption(desk: Desk, draft: Post, caption: str) -> Post:
    """Change the text of a draft as it was read."""
    return await redraft.change(
        desk, hand(draft), lambda content: editing.with_text(content, caption, "")
    )


async def with_own(desk: Desk, draft: Post, platform: Platform, caption: str) -> Post:
    """Give one account another text."""
    account_id = account(draft, platform)
    return await redraft.change(
        desk,
        hand(draft),
        lambda content: editing.with_own_text(content, account_id, (caption, "")),
    )


async def test_a_draft_opens_for_its_author_alone(life: Life, desk: Desk) -> None:
    """In its server, while it is a draft."""
    post = await life.write(THREADS)
    mine = {"server_id": SERVER, "post_id": post.id, "user_id": AUTHOR}
    assert await redraft.get(desk, **mine) == post
    for other in ({"user_id": 99}, {"server_id": 1}, {"post_id": 99}):
        with pytest.raises(NotFoundError):
            await redraft.get(desk, **(mine | other))
    await compose.ask_review(desk, post)
    with pytest.raises(NotFoundError):
        await redraft.get(desk, **mine)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_two_windows(life: Life, desk: Desk) -> None:
    """Whoever changes what was changed since they opened it is told so, and changes nothing."""
    opened = await life.write(THREADS)
    changed = await with_caption(desk, opened, "First")
    assert (changed.edits, changed.edited_by) == (1, AUTHOR)
    with pytest.raises(ConflictError, match=f"was changed by <@{AUTHOR}> since you opened it"):
        await with_caption(desk, opened, "Second")
    for late in (
        discard.discard(desk, hand(opened)),
        redraft.send(desk, hand(opened)),
        redraft.add_media(desk, hand(opened), [a_media()]),
        redraft.order_media(desk, hand(opened), "1"),
    ):
        with pytest.raises(ConflictError):
            await late
    kept = await redraft.get(desk, server_id=SERVER, post_id=opened.id, user_id=AUTHOR)
    assert kept == changed
    assert kept.content.caption == "First"


async def test_changing_nothing_is_no_change(life: Life, desk: Desk) -> None:
    """A form that is sent as it was opened makes no other window late."""
    draft = await life.write(THREADS)
    assert await with_caption(desk, draft, "Hello") == draft
    await with_caption(desk, draft, "Other")


async def test_accounts_are_chosen_page_by_page(life: Life, desk: Desk) -> None:
    """Those of other pages stay, and those of other servers cannot be chosen."""
    draft = await life.write(THREADS, FACEBOOK)
    known = {each.platform: each.id for each in await connect.accounts(desk, SERVER)}
    [foreign, *_] = await connect.connect(
        desk, server_id=1, provider="wahdx", credentials={"key": "k"}, user_id=AUTHOR
    )
    chosen, offered = {known[TIKTOK], foreign.id}, {known[TIKTOK], known[THREADS], foreign.id}
    draft = await redraft.choose_accounts(desk, hand(draft), chosen, offered)
    assert [target.platform for target in draft.content.targets] == [FACEBOOK, TIKTOK]


async def test_files_are_added_ordered_and_taken_away(life: Life, desk: Desk) -> None:
    """Files are named by their numbers; those that are left out are taken away."""
    a, b, c = (a_media(f"{name}.jpg", sha256=name * 64) for name in "abc")
    draft = await redraft.add_media(desk, hand(await life.write(THREADS, media=[a])), [b, c])
    assert draft.content.media == (a, b, c)
    draft = await redraft.order_media(desk, hand(draft), "3, 1 2")
    assert draft.content.media == (c, a, b)
    draft = await redraft.order_media(desk, hand(draft), "2 1")
    assert draft.content.media == (a, c)
    draft = await redraft.take_away(desk, hand(draft), {0})
    assert draft.content.media == (c,)


@pytest.mark.parametrize("order", ["0", "3", "1 1", "two", "-1", "1 ٢", "9" * 5000])
async def test_an_order_that_is_none(life: Life, desk: Desk, order: str) -> None:
    """What does not name each file once by its number is refused with an example."""
    draft = await life.write(THREADS, media=[a_media(), a_media("b.jpg", sha256="b" * 64)])
    with pytest.raises(InputError, match="Write the numbers 1 to 2 in the order you want"):
        await redraft.order_media(desk, hand(draft), order)


async def test_an_account_that_was_taken_away_meanwhile(life: Life, desk: Desk) -> None:
    """An option for an account that the draft has not any more is refused, and nothing is lost."""
    draft = await life.write(THREADS)
    with pytest.raises(NotFoundError, match="not for that account any more"):
        await redraft.change(
            desk, hand(draft), lambda content: editing.with_options(content, 99, {"draft": "true"})
        )


async def test_a_discarded_draft_is_gone(life: Life, desk: Desk) -> None:
    """Only a draft can be discarded, and nobody was told of it."""
    draft = await life.write(THREADS)
    await discard.discard(desk, hand(draft))
    assert await redraft.mine(desk, server_id=SERVER, user_id=AUTHOR) == []
    sent = await life.write(THREADS)
    await compose.ask_review(desk, sent)
    with pytest.raises(NotFoundError):
        await discard.discard(desk, hand(sent))


async def test_drafts_are_listed_for_their_author(life: Life, desk: Desk) -> None:
    """Newest first, drafts alone; to be edited, also what is in review or was sent back."""
    first, asked, last = [await life.write(THREADS, caption=text) for text in "abc"]
    await compose.ask_review(desk, asked)
    found = await redraft.mine(desk, server_id=SERVER, user_id=AUTHOR)
    assert [draft.id for draft in found] == [last.id, first.id]
    assert await redraft.mine(desk, server_id=SERVER, user_id=APPROVER) == []
    editable = await browse.editable(desk, server_id=SERVER, user_id=AUTHOR)
    assert [post.id for post in editable] == [last.id, asked.id, first.id]


async def test_own_text_is_checked_and_sent_by_itself(
    life: Life, desk: Desk, service: ScriptedService
) -> None:
    """A text that is too long for one account is mended for that one; the two never share a call."""
    service.can(accounts_per_submission=5)
    draft = await life.write(THREADS, FACEBOOK, INSTAGRAM, caption="x" * 501, media=[a_media()])
    found = await examine.examine(desk, draft)
    threads = account(draft, THREADS)
    [problem] = found.of_accounts[threads]
    assert problem.remedy == "Shorten it by 1, or give this account its own text."
    assert not any(each for key, each in found.of_accounts.items() if key != threads)
    draft = await with_own(desk, draft, THREADS, "Short")
    post = await redraft.send(desk, hand(draft))
    await life.decide(post)
    await life.publish()
    sent = {
        call.caption: {each.platform for each in call.recipients} for call in service.submissions
    }
    assert sent == {"Short": {THREADS}, "x" * 501: {FACEBOOK, INSTAGRAM}}


async def test_own_text_is_bound_by_approval(life: Life, desk: Desk) -> None:
    """Another own text is another content, also word by word in what is told of a change."""
    draft = await with_own(desk, await life.write(THREADS, FACEBOOK), THREADS, "Short and good")
    post = await redraft.send(desk, hand(draft))
    change = await revise.begin(desk, server_id=SERVER, post_id=post.id, user_id=AUTHOR)
    revised = await redraft.send(desk, hand(await with_own(desk, change, THREADS, "Short and bad")))
    assert revised.content.digest() != post.content.digest()
    told = (await life.events(post))[-1].data["changes"]
    assert '"Text for Threads' in told
    assert '["-", "good"], ["+", "bad"]' in told


async def test_a_hidden_post_is_said_until_it_is_chosen(
    life: Life, desk: Desk, service: ScriptedService
) -> None:
    """Where an account allows nothing but hidden posts, that is told until someone chooses it."""
    service.allowed = AccountLimits(visibilities=("SELF_ONLY",))
    draft = await life.write(TIKTOK, THREADS, media=[a_video()])
    [caution] = (await examine.examine(desk, draft)).cautions
    assert "would show it to nobody but itself" in caution.message
    tiktok = account(draft, TIKTOK)
    draft = await redraft.change(
        desk,
        hand(draft),
        lambda content: editing.with_options(content, tiktok, {"visibility": "SELF_ONLY"}),
    )
    found = await examine.examine(desk, draft)
    assert list(found.cautions) == []
    assert found.content.targets[0].options == {"visibility": "SELF_ONLY"}
    assert found.all_problems == []


async def test_wrong_options_are_kept_and_told(life: Life, desk: Desk) -> None:
    """An option that a service does not take is told at its account."""
    draft = await life.write(TIKTOK, media=[a_video()])
    tiktok = account(draft, TIKTOK)
    wrong = {"video_cover_timestamp_ms": "soon", "allow_duet": "perhaps"}
    draft = await redraft.change(
        desk, hand(draft), lambda content: editing.with_options(content, tiktok, wrong)
    )
    found = await examine.examine(desk, draft)
    told = [problem.message for problem in found.of_accounts[tiktok]]
    assert len(told) == 2
    with pytest.raises(InputError):
        await redraft.send(desk, hand(draft))
    kept = await redraft.get(desk, server_id=SERVER, post_id=draft.id, user_id=AUTHOR)
    assert kept.content.targets[0].options == wrong


async def test_what_the_same_account_gets_is_said(life: Life, desk: Desk, clock: Clock) -> None:
    """The same text again, and another post within the hour, are said; what stayed here is not."""
    gone = await life.approved(THREADS, caption="Nothing of it left", when="in 30 minutes")
    await life.cancel(gone)
    await life.in_review(THREADS, caption="Beans from Kenya today", when="in 3 hours")
    await life.approved(THREADS, caption="Something else", when="in 70 minutes")
    draft = await life.write(THREADS, FACEBOOK, caption="beans from KENYA today!", when="in 1 hour")
    found = await examine.examine(desk, draft)
    assert [caution.field for caution in found.cautions] == ["Again", "When"]
    assert all("Threads · Talk" in caution.message for caution in found.cautions)
    assert found.all_problems == []
    clock.forward(timedelta(days=4))
    draft = await with_caption(desk, draft, "beans from Kenya today")
    assert list((await examine.examine(desk, draft)).cautions) == []


async def test_an_account_about_to_end_is_said(
    life: Life, desk: Desk, service: ScriptedService
) -> None:
    """An account that must soon be reconnected is said, and stops nothing."""
    draft = await life.write(THREADS)
    service.listed = [replace(each, expires_soon=True) for each in ACCOUNTS]
    await accounts.refresh(desk, SERVER)
    found = await examine.examine(desk, draft)
    assert [each.health for each in found.accounts] == [AccountHealth.EXPIRING]
    assert ["about to be disconnected" in each.message for each in found.cautions] == [True]


async def test_a_change_is_begun_once(life: Life, desk: Desk) -> None:
    """Opened again, a change goes on where it was left; sent, it is in the place of the post."""
    post = await life.in_review(THREADS, media=[a_media()], when="in 3 hours")
    begin: dict[str, Any] = {"server_id": SERVER, "post_id": post.id}
    change = await redraft.begin(desk, **begin, user_id=AUTHOR)
    assert (change.changes_post, change.changes_revision) == (post.id, 1)
    assert change.content.media == post.content.media
    change = await with_caption(desk, change, "Better")
    assert await redraft.begin(desk, **begin, user_id=AUTHOR) == change
    with pytest.raises(NotAllowedError):
        await redraft.begin(desk, **begin, user_id=99)
    revised = await redraft.send(desk, hand(change))
    assert (revised.id, revised.content.number, revised.content.caption) == (post.id, 2, "Better")
    assert revised.content.due_at == post.content.due_at
    assert await redraft.mine(desk, server_id=SERVER, user_id=AUTHOR) == []
    assert revised.state is PostState.IN_REVIEW


async def test_a_post_that_was_changed_since(life: Life, desk: Desk) -> None:
    """A change of what is not there any more is refused, says who changed it, and stays a draft."""
    post = await life.in_review(THREADS)
    late = await redraft.begin(desk, server_id=SERVER, post_id=post.id, user_id=AUTHOR)
    await revise.edit(desk, post, await life.write(THREADS, caption="Sooner"))
    late = await with_caption(desk, late, "Later")
    with pytest.raises(ConflictError, match=f"Post {post.id} was changed by <@{AUTHOR}>"):
        await redraft.send(desk, hand(late))
    kept = await redraft.get(desk, server_id=SERVER, post_id=late.id, user_id=AUTHOR)
    assert kept.content.caption == "Later"
    again = await redraft.begin(desk, server_id=SERVER, post_id=post.id, user_id=AUTHOR)
    assert (again.id != late.id, again.content.caption) == (True, "Sooner")
