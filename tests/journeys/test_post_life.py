"""A post's whole life in Discord: written, decided on, published through WAHDX, announced."""

import re

import pytest

from bot.domain.post import PostState
from bot.workflow import browse
from tests.journeys.team import FACEBOOK, INSTAGRAM, JPEG, THREADS, TIKTOK, Team, text_of, until

OFFERED = ["✅", "❌", "✏️", "⏸️"]


async def state(team: Team, post_id: int = 1) -> PostState:
    """Where a post stands in the database."""
    shown = await browse.show(team.desk, server_id=team.guild.id, post_id=post_id)
    return shown.post.state


async def publish(team: Team) -> None:
    """Tick as time passes, until WAHDX has published all it was given and the bot knows it."""
    await team.tick()
    await until(lambda: all(post.link for post in team.published))
    for _ in range(2):  # the result, then what it sets off
        await team.advance(3)
        await team.tick()


async def test_a_post_from_the_first_word_to_the_announcement(team: Team) -> None:
    """Written, approved by reaction, published at every account, told where it began."""
    written = await team.ask(
        caption="Fresh beans *today*",
        title="Beans",
        media=[("beans.jpg", JPEG)],
        accounts=[TIKTOK, INSTAGRAM],
        when="now",
    )
    assert written.response is not None
    assert written.response.ephemeral
    assert f"Post 1 waits in {team.approvals.mention}" in text_of(written)
    await team.announce()

    card = team.card
    shown = text_of(card)
    for part in ("Beans", TIKTOK, INSTAGRAM, "beans.jpg", team.author.mention, team.role.mention):
        assert part in shown
    assert "as soon as it is approved" in shown
    assert [str(reaction.emoji) for reaction in card.reactions] == OFFERED
    assert [file.filename for file in card.attachments] == ["beans.jpg"]
    origin = team.social.last_message
    assert origin is not None
    assert f"{team.guild.id}/{team.approvals.id}/{card.id}" in text_of(origin)
    assert team.wahdx.calls == 0

    await team.approver.react(card, "✅")
    await publish(team)

    assert team.wahdx.calls == 2
    assert {post.text for post in team.published} == {"Fresh beans *today*"}
    assert {post.times for post in team.published} == {1}
    announced = team.social.last_message
    assert announced is not None
    assert announced.reference is not None
    assert announced.reference.message_id == origin.id
    assert [user.id for user in announced.mentions] == [team.author.id]
    assert "Post 1: all 2 published" in text_of(announced)
    for label, post in zip((TIKTOK, INSTAGRAM), team.published, strict=True):
        line = next(line for line in text_of(announced).splitlines() if label in line)
        assert f"[open]({post.link})" in line
    card = team.card
    assert f"Approved by {team.approver.mention} <t:" in text_of(card)
    assert "> · all 2 published." in text_of(card)
    assert all(post.link in text_of(card) for post in team.published)
    assert len(team.social.history()) == 2
    assert len(team.approvals.history()) == 1
    chain = text_of(await team.author.slash(team.social, "post history", post=1))
    assert f"· [told]({origin.jump_url})" in chain
    assert f"· [told]({announced.jump_url})" in chain


async def test_nothing_is_told_or_sent_twice(team: Team) -> None:
    """However often the ticks run, each thing happens once."""
    card = await team.put_before_approvers(caption="Once", accounts=[THREADS])
    await team.approver.react(card, "✅")
    await publish(team)
    before = [message.id for message in team.social.history()]
    await publish(team)
    await team.approver.unreact(card, "✅")
    await team.approver.react(card, "✅")
    await publish(team)
    assert [message.id for message in team.social.history()] == before
    assert team.wahdx.calls == 1


async def test_nobody_is_pinged_but_the_author(team: Team) -> None:
    """Whatever a caption says, Discord is told to notify its author alone, of results alone."""
    caption = f"@everyone @here {team.role.mention} {team.stranger.mention}"
    card = await team.put_before_approvers(caption=caption, accounts=[THREADS])
    await team.approver.react(card, "✅")
    await publish(team)
    sent = [
        request.json
        for request in team.env.http_requests
        if request.method == "POST" and request.path.endswith("/messages") and request.json
    ]
    allowed = [message["allowed_mentions"] for message in sent]
    quiet = {"parse": []}
    assert allowed[:2] == [quiet, quiet]
    assert allowed[2] == {"parse": [], "users": [team.author.id]}
    assert [message.get("content") for message in sent] == [None, None, team.author.mention]


async def test_what_failed_is_announced_with_reason_and_remedy(team: Team) -> None:
    """A refused account is named with why and what to do; the others with their links."""
    team.wahdx.fault = "error_after"
    card = await team.put_before_approvers(caption="Half", accounts=[THREADS])
    await team.approver.react(card, "✅")
    await team.tick()
    announced = text_of(team.social.last_message)
    assert "Post 1: outcome unknown" in announced
    assert re.search(rf"❓ \*\*{THREADS}\*\* · outcome unknown · .*Look at the account", announced)
    await publish(team)
    assert team.wahdx.calls == 1, "an unknown outcome is never repeated by itself"


async def test_a_rejected_post_does_not_go_out(team: Team) -> None:
    """❌ from an approver ends it once they say why; the channel of origin is told who, and why."""
    card = await team.put_before_approvers(caption="No", accounts=[THREADS])
    await team.reject(card, "Too *loud*.")
    await team.tick()
    assert await state(team) is PostState.REJECTED
    told = text_of(team.social.last_message)
    assert f"{team.approver.mention} rejected post 1" in told
    assert r"Why: Too \*loud\*." in told
    assert f"Rejected by {team.approver.mention} <t:" in text_of(team.card)
    await team.approver.react(card, "✅")
    await team.tick()
    assert await state(team) is PostState.REJECTED
    assert team.wahdx.calls == 0


@pytest.mark.parametrize(("who", "emoji"), [("stranger", "✅"), ("author", "✅"), ("admin", "❌")])
async def test_others_do_not_decide(team: Team, who: str, emoji: str) -> None:
    """A reaction of someone without the approver role is taken off, and they are told why."""
    card = await team.put_before_approvers(caption="Mine", accounts=[THREADS])
    person = getattr(team, who)
    await person.react(card, emoji)
    await team.tick()
    assert await state(team) is PostState.IN_REVIEW
    assert [reaction.count for reaction in team.card.reactions] == [1] * 4
    told = team.approvals.last_message
    assert told is not None
    assert told.content == (
        f"{person.mention} Only approvers decide on posts. "
        "Ask an admin for the approver role, or leave this one to an approver."
    )
    assert [user.id for user in told.mentions] == [person.id]
    assert told.reference is not None
    assert told.reference.message_id == card.id
    await team.advance(61)
    assert [message.id for message in team.approvals.history()] == [card.id]


async def test_other_emoji_are_left_alone(team: Team) -> None:
    """People may react with anything else; it means nothing."""
    card = await team.put_before_approvers(caption="Nice", accounts=[THREADS])
    await team.stranger.react(card, "🎉")
    assert [str(reaction.emoji) for reaction in team.card.reactions] == [*OFFERED, "🎉"]
    assert len(team.approvals.history()) == 1


async def test_a_reaction_on_any_other_message_means_nothing(team: Team) -> None:
    """✅ below a message that is no card is not ours to take off."""
    message = await team.author.send(team.social, "Lunch?")
    await team.stranger.react(message, "✅")
    [reaction] = team.social.history()[-1].reactions
    assert reaction.count == 1


async def test_a_scheduled_post_waits_for_its_time(team: Team) -> None:
    """Approved for in two minutes, it leaves then and not before."""
    card = await team.put_before_approvers(
        caption="Later", accounts=[FACEBOOK], when="in 2 minutes"
    )
    due = int(team.clock().timestamp()) + 120
    assert f"<t:{due}:F> (<t:{due}:R>)" in text_of(card)
    await team.approver.react(card, "✅")
    await team.tick()
    await team.advance(119)
    await team.tick()
    assert team.wahdx.calls == 0
    await team.advance(1)
    await publish(team)
    assert team.wahdx.calls == 1
    assert "Post 1: published" in text_of(team.social.last_message)


async def test_a_post_nobody_decided_on_expires(team: Team) -> None:
    """Silence never publishes; the author is told, and a late ✅ changes nothing."""
    card = await team.put_before_approvers(
        caption="Later", accounts=[FACEBOOK], when="in 2 minutes"
    )
    await team.advance(121)
    await team.approver.react(card, "✅")
    assert "The time of post 1 has passed." in text_of(team.approvals.last_message)
    await team.tick()
    assert await state(team) is PostState.EXPIRED
    assert "Post 1 expired" in text_of(team.social.last_message)
    await team.approver.react(card, "✅")
    await team.tick()
    assert team.wahdx.calls == 0


async def test_a_post_written_where_it_is_approved_is_told_there(team: Team) -> None:
    """With one channel for both, the card is the message that the result replies to."""
    form = await team.author.slash(team.approvals, "post new")
    draft = await team.send_form(form, caption="Here", accounts=[THREADS])
    await team.press(draft, "Send for approval")
    await team.announce()
    card = team.card
    assert len(team.approvals.history()) == 1
    await team.approver.react(card, "✅")
    await publish(team)
    announced = team.approvals.last_message
    assert announced is not None
    assert announced.reference is not None
    assert announced.reference.message_id == card.id


async def test_posts_are_listed_and_shown(team: Team) -> None:
    """`/post list` has one line each, newest first; `/post show` is the card."""
    said = text_of(await team.author.slash(team.social, "post list"))
    assert "None yet: write one with `/post new`." in said
    await team.put_before_approvers(caption="First", accounts=[THREADS])
    card = await team.put_before_approvers(caption="Second", accounts=[THREADS])
    await team.reject(card)
    said = await team.author.slash(team.social, "post list")
    assert said.ephemeral
    assert re.search(r"\*\*2\*\* · rejected · Second\n\*\*1\*\* · in review · First", text_of(said))
    said = await team.author.slash(team.social, "post list", state="in_review")
    assert "First" in text_of(said)
    assert "Second" not in text_of(said)
    said = await team.stranger.slash(team.social, "post show", post=2)
    assert said.ephemeral
    assert f"Rejected by {team.approver.mention} <t:" in text_of(said)
    await team.announce()
    assert text_of(said) == text_of(team.card)


async def test_posts_are_found_by_their_text(team: Team) -> None:
    """The post option offers posts whose line has what was typed."""
    await team.put_before_approvers(caption="Croissants", accounts=[THREADS])
    await team.put_before_approvers(caption="Espresso", accounts=[THREADS])
    offer = team.author.autocomplete
    found = await offer(team.social, "post show", "post", "crois")
    assert [choice["value"] for choice in found] == [1]
    assert len(await offer(team.social, "post cancel", "post", "")) == 2


@pytest.mark.parametrize("command", ["post show", "post cancel"])
async def test_a_post_that_does_not_exist_is_said(team: Team, command: str) -> None:
    """A wrong number is answered with where to look."""
    said = text_of(await team.author.slash(team.social, command, post=77))
    assert "There is no post 77 here. See /post list." in said


@pytest.mark.parametrize("who", ["author", "approver", "admin"])
async def test_a_post_is_cancelled(team: Team, who: str) -> None:
    """Its author, an approver and an admin stop what has not left; nothing goes out then."""
    card = await team.put_before_approvers(caption="Stop", accounts=[THREADS], when="in 2 minutes")
    await team.approver.react(card, "✅")
    person = getattr(team, who)
    said = text_of(await person.slash(team.social, "post cancel", post=1))
    assert "Post 1 is cancelled" in said
    await team.advance(300)
    await team.tick()
    assert team.wahdx.calls == 0
    assert f"{person.mention} cancelled post 1" in text_of(team.social.last_message)
    assert f"Cancelled by {person.mention} <t:" in text_of(team.card)


async def test_a_stranger_does_not_cancel(team: Team) -> None:
    """Someone else's post is not theirs to stop; they are told whom to ask."""
    await team.put_before_approvers(caption="Mine", accounts=[THREADS])
    said = text_of(await team.stranger.slash(team.social, "post cancel", post=1))
    assert "Post 1 is not yours. Ask its author, an approver or an admin." in said
    assert await state(team) is PostState.IN_REVIEW


async def test_what_has_left_is_not_cancelled(team: Team) -> None:
    """A published post cannot be called back; the answer says where to."""
    card = await team.put_before_approvers(caption="Gone", accounts=[THREADS])
    await team.approver.react(card, "✅")
    await publish(team)
    said = text_of(await team.author.slash(team.social, "post cancel", post=1))
    assert "Post 1 has left already. Delete it at the platform." in said
