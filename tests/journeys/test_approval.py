"""Approval as people see it: buttons and reactions, reasons, changes, holds, and the rules."""

import discord
import pytest
from simcord import InteractionResult
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.domain.approval import Roles, Rules, Stage, Verdict
from bot.domain.delivery import DeliveryState
from bot.domain.post import Post, PostState
from bot.workflow import browse, configure, review
from bot.workflow.voters import Voter
from tests.journeys.team import THREADS, Team, text_of


async def shown(team: Team, post_id: int = 1) -> browse.Shown:
    """Read a post."""
    return await browse.show(team.desk, server_id=team.guild.id, post_id=post_id)


async def post_of(team: Team, card: discord.Message) -> Post:
    """The post that a card shows."""
    found = await review.by_card(team.desk, server_id=team.guild.id, card_message_id=card.id)
    assert found is not None
    return found


async def state(team: Team) -> PostState:
    """Where the first post stands."""
    return (await shown(team)).post.state


async def choose(team: Team, rules: Rules) -> None:
    """Choose how the server approves."""
    await configure.change(
        team.desk, server_id=team.guild.id, user_id=team.admin.id, approval=rules
    )


def buttons(message: discord.Message) -> list[str]:
    """What can be pressed under a message."""
    rows = [row for row in message.components if isinstance(row, discord.ActionRow)]
    return [
        str(item.label) for row in rows for item in row.children if isinstance(item, discord.Button)
    ]


async def change(team: Team, card: discord.Message, caption: str) -> InteractionResult:
    """Have the author change the text of a post, and ask again."""
    draft = await team.author.click(card, label="Change it")
    form = await team.press(draft, "Text")
    draft = await team.author.submit_modal(form, {"caption": caption, "title": ""})
    return await team.press(draft, "Ask for approval again")


def asked(team: Team) -> discord.Message:
    """The newest message beside the cards."""
    message = team.approvals.last_message
    assert message is not None
    return message


async def test_a_button_does_what_a_reaction_does(team: Team) -> None:
    """✅ by a button approves; the card says who and when, and offers to hold what waits."""
    card = await team.put_before_approvers(caption="Yes", accounts=[THREADS], when="in 2 hours")
    assert buttons(card) == ["Approve", "Reject", "Changes", "Hold", "Preview"]
    said = await team.approver.click(card, label="Approve")
    assert said.ephemeral
    assert "Your ✅ counts: post 1 is approved." in text_of(said)
    await team.announce()
    assert f"Approved by {team.approver.mention}" in text_of(team.card)
    assert f"✅ {team.approver.mention} <t:" in text_of(team.card)
    assert buttons(team.card) == ["Hold"]


async def test_a_person_counts_once(team: Team) -> None:
    """A button and a reaction of the same person are one vote; pressed again, it can be taken back."""
    await choose(team, Rules(stages=(Stage(needed=2),)))
    card = await team.put_before_approvers(caption="Two", accounts=[THREADS])
    assert f"Waits for 2 of {team.role.mention}" in text_of(card)
    said = text_of(await team.approver.click(card, label="Approve"))
    assert f"Still needed: {team.role.mention}" in said
    await team.approver.react(card, "✅")
    again = await team.approver.click(card, label="Approve")
    assert "Your ✅ is counted already." in text_of(again)
    assert await state(team) is PostState.IN_REVIEW
    assert again.response is not None
    said = text_of(await team.approver.click(again.response, label="Take it back"))
    assert "Your ✅ is taken back." in said
    assert (await shown(team)).ballot.votes == ()


async def test_a_reaction_taken_off_takes_the_vote_back(team: Team) -> None:
    """Until the decision a vote ends with its reaction."""
    await choose(team, Rules(stages=(Stage(needed=2),)))
    card = await team.put_before_approvers(caption="Two", accounts=[THREADS])
    await team.approver.react(card, "✅")
    await team.announce()
    assert f"✅ {team.approver.mention}" in text_of(team.card)
    await team.approver.unreact(card, "✅")
    await team.announce()
    assert f"✅ {team.approver.mention}" not in text_of(team.card)
    assert (await shown(team)).ballot.votes == ()


async def test_reactions_added_and_removed_while_away(team: Team) -> None:
    """What was taken off while the bot was away is taken back, what was added counts."""
    await choose(team, Rules(stages=(Stage(needed=2),)))
    card = await team.put_before_approvers(caption="Two", accounts=[THREADS])
    second = team.guild.add_member(team.env.create_user("pia"), roles=[team.role])
    await team.approver.react(card, "✅")
    await team.advance(60)
    team.env.backend.subscribers.clear()
    await team.approver.unreact(card, "✅")
    await second.react(card, "✅")
    await team.restart()
    assert [vote.user_id for vote in (await shown(team)).ballot.votes] == [second.id]
    assert await state(team) is PostState.IN_REVIEW


async def test_rejecting_by_button_asks_why_first(team: Team) -> None:
    """The form comes first, survives a restart, and its reason is on the card and told."""
    card = await team.put_before_approvers(caption="No", accounts=[THREADS])
    form, other = [await team.approver.click(card, label="Reject") for _ in range(2)]
    await team.restart()
    said = text_of(await team.approver.submit_modal(form, {"answer": "Too loud."}))
    assert "post 1 is rejected" in said
    await team.announce()
    assert f"❌ {team.approver.mention}" in text_of(team.card)
    assert "Too loud." in text_of(team.card)
    assert "Why: Too loud." in text_of(team.social.last_message)
    late = text_of(await team.approver.submit_modal(other, {"answer": "Still too loud."}))
    assert "is rejected already" in late
    assert "You wrote: Still too loud." in late


async def test_a_stranger_is_told_at_the_button(team: Team) -> None:
    """Who is not asked gets no form, and is told whom to ask."""
    card = await team.put_before_approvers(caption="No", accounts=[THREADS])
    for label in ("Approve", "Reject", "Changes", "Hold"):
        said = text_of(await team.stranger.click(card, label=label))
        assert "Only approvers decide on posts." in said
    assert await state(team) is PostState.IN_REVIEW


async def test_ask_change_ask_again(team: Team) -> None:
    """✏️ asks what should change; the author changes it; a new card asks again, the old one is void."""
    old = await team.put_before_approvers(caption="Fresh beans today", accounts=[THREADS])
    await team.approver.react(old, "✏️")
    [thread] = team.approvals.threads
    [question] = thread.history()
    assert "What should change?" in question.content
    form = await team.approver.click(question, label="Changes")
    await team.approver.submit_modal(form, {"answer": "Say which beans."})
    await team.announce()
    old = team.card
    assert f"Changes requested by {team.approver.mention}" in text_of(old)
    assert (await shown(team)).post.thread_id == thread.id == old.id
    said = await change(team, old, "Fresh Kenya beans today")
    assert "Post 1 waits in" in text_of(said)
    await team.announce()
    new = team.card
    assert new.id != old.id
    assert "Post 1 · revision 2" in text_of(new)
    replaced = next(item for item in team.approvals.history() if item.id == old.id)
    assert "what was voted here is void" in text_of(replaced)
    assert buttons(replaced) == []
    assert "**Text:** Fresh **Kenya** beans today" in text_of(team.social.last_message)
    await team.approver.react(replaced, "✅")
    assert await state(team) is PostState.IN_REVIEW
    await team.approver.react(new, "✅")
    await team.tick()
    assert [post.text for post in team.published] == ["Fresh Kenya beans today"]


async def test_a_button_of_what_it_was_decides_nothing(team: Team) -> None:
    """Approve under an old card, pressed while the author changed the post, is refused."""
    old = await team.put_before_approvers(caption="Old", accounts=[THREADS])
    reason, late = [await team.approver.click(old, label="Changes") for _ in range(2)]
    await team.approver.submit_modal(reason, {"answer": "Newer."})
    await team.announce()
    await change(team, team.card, "New")
    said = text_of(await team.approver.submit_modal(late, {"answer": "Newer!"}))
    assert "Post 1 was changed since." in said
    assert "You wrote: Newer!" in said
    assert await state(team) is PostState.IN_REVIEW


async def test_a_reason_by_a_reply(team: Team) -> None:
    """A reply to the question, to the card or in the thread says why, if it pings; others cannot."""
    card = await team.put_before_approvers(caption="No", accounts=[THREADS])
    await team.approver.react(card, "❌")
    question = asked(team)
    assert "Why is it rejected? Reply to this" in question.content
    await team.stranger.send(team.approvals, "I like it.", reply_to=question)
    assert await state(team) is PostState.IN_REVIEW
    await team.approver.send(team.approvals, "Too loud.", reply_to=question)
    await team.announce()
    assert await state(team) is PostState.REJECTED
    assert "Why: Too loud." in text_of(team.social.last_message)
    second = await team.put_before_approvers(caption="Still no", accounts=[THREADS])
    await team.approver.react(second, "✏️")
    thread = next(item for item in team.approvals.threads if item.id == second.id)
    await team.approver.send(thread, "Softer.", reply_to=thread.history()[-1])
    assert (await post_of(team, second)).state is PostState.CHANGES_REQUESTED
    me = team.env.bot.user
    assert me is not None
    await team.stranger.send(team.approvals, f"{me.mention} approve all of it")
    third = await team.put_before_approvers(caption="Never", accounts=[THREADS])
    await team.approver.send(team.approvals, "I wonder.", reply_to=third)
    await team.approver.react(third, "❌")
    await team.approver.send(team.approvals, "Never!", reply_to=third)
    assert (await post_of(team, third)).state is PostState.REJECTED


async def test_reactions_of_their_own(team: Team) -> None:
    """A server's own four reactions are offered, shown and counted; what was said by others stays."""
    await choose(team, Rules(stages=(Stage(needed=2),)))
    card = await team.put_before_approvers(caption="Two", accounts=[THREADS])
    await team.approver.react(card, "✅")
    said = text_of(await team.admin.slash(team.social, "desk settings", emoji="👍 👎 📝 🛑"))
    assert "👍 👎 📝 🛑" in said
    await team.announce()
    assert [str(item.emoji) for item in team.card.reactions][-4:] == list("👍👎📝🛑")
    assert "👍 approves, 👎 rejects" in text_of(team.card)
    await team.restart()
    second = team.guild.add_member(team.env.create_user("pia"), roles=[team.role])
    await second.react(team.card, "✅")
    assert await state(team) is PostState.IN_REVIEW
    await second.react(team.card, "👍")
    assert await state(team) is PostState.APPROVED


async def test_a_deleted_card_is_put_back(team: Team) -> None:
    """Deleted while it waits, a card is sent anew, and the votes on it still count."""
    await choose(team, Rules(stages=(Stage(needed=2),)))
    card = await team.put_before_approvers(caption="Two", accounts=[THREADS])
    await team.approver.react(card, "✅")
    team.env.backend.delete_message(team.approvals.id, card.id)
    await team.env.settle()
    await team.announce()
    assert team.card.id != card.id
    assert f"✅ {team.approver.mention}" in text_of(team.card)
    second = team.guild.add_member(team.env.create_user("pia"), roles=[team.role])
    await second.react(team.card, "✅")
    await team.tick()
    assert await state(team) is PostState.APPROVED


@pytest.mark.parametrize("by", ["reaction", "button"])
async def test_held_and_let_go(team: Team, by: str) -> None:
    """⏸️ on what was approved keeps it from going out until it is let go."""
    card = await team.put_before_approvers(caption="Wait", accounts=[THREADS], when="in 2 minutes")
    await team.approver.react(card, "✅")
    await team.announce()
    if by == "reaction":
        await team.approver.react(card, "⏸️")
    else:
        assert "is held" in text_of(await team.approver.click(team.card, label="Hold"))
    await team.advance(150)
    await team.tick()
    assert team.wahdx.calls == 0
    assert f"{team.approver.mention} <t:" in text_of(team.card)
    assert buttons(team.card) == ["Let it go"]
    if by == "reaction":
        await team.approver.unreact(card, "⏸️")
    else:
        await team.approver.click(team.card, label="Let it go")
    await team.tick()
    assert team.wahdx.calls == 1
    assert [item.state for item in (await shown(team)).deliveries] != [DeliveryState.HELD]


async def test_approved_after_its_slot(team: Team) -> None:
    """An expired post asks its approver: now, the next free slot, or a new time."""
    card = await team.put_before_approvers(caption="Late", accounts=[THREADS], when="in 2 minutes")
    await team.advance(121)
    late = text_of(await team.approver.click(card, label="Approve"))
    assert "The time of post 1 has passed." in late
    await team.tick()
    assert buttons(team.card) == ["Now", "Next free slot", "New time", "Ask again", "Preview"]
    await team.approver.react(card, "✅")
    assert "The time of post 1 has passed." in asked(team).content
    assert buttons(asked(team)) == ["Now", "Next free slot", "New time"]
    said = text_of(await team.author.click(team.card, label="Now"))
    assert "Only approvers decide on posts." in said
    form = await team.approver.click(asked(team), label="New time")
    said = text_of(await team.approver.submit_modal(form, {"answer": "in 1 hour"}))
    assert "Post 1 is approved. It goes out" in said
    await team.advance(3601)
    await team.tick()
    assert team.wahdx.calls == 1


async def test_expired_is_told_and_asked_again(team: Team) -> None:
    """Silence never publishes: the channel is told, and a button there asks again for a new time."""
    await team.put_before_approvers(caption="Unseen", accounts=[THREADS], when="in 2 minutes")
    await team.advance(121)
    await team.tick()
    told = team.social.last_message
    assert told is not None
    assert "Post 1 expired" in text_of(told)
    assert buttons(told) == ["Ask again"]
    form = await team.stranger.click(told, label="Ask again")
    said = text_of(await team.stranger.submit_modal(form, {"answer": "in 1 hour"}))
    assert "Post 1 is not yours." in said
    assert "You wrote: in 1 hour" in said
    form = await team.author.click(told, label="Ask again")
    assert "waits again" in text_of(await team.author.submit_modal(form, {"answer": "in 1 hour"}))
    await team.announce()
    assert "Waits for" in text_of(team.card)
    await team.approver.react(team.card, "✅")
    await team.advance(3601)
    await team.tick()
    assert team.wahdx.calls == 1


async def test_who_is_needed_is_reminded(team: Team) -> None:
    """Two hours before the time the approvers are pinged in the thread, then those who may decide
    too; the card shows them, and their vote counts.
    """
    leads = team.guild.create_role("Leads")
    lead = team.guild.add_member(team.env.create_user("lea"), roles=[leads])
    asked_of = {"escalate": leads.mention, "escalate_before": 30}
    said = text_of(await team.admin.slash(team.social, "desk approval", **asked_of))
    me = team.env.bot.user
    assert me is not None
    denied = discord.Permissions(mention_everyone=True).value
    silent = Overwrite(target_id=me.id, type=OverwriteType.MEMBER, allow=0, deny=denied)
    team.env.backend.set_overwrite(team.approvals.id, silent)
    shown = text_of(await team.admin.slash(team.social, "desk settings"))
    assert f"Reminders: Copydesk may not ping {team.role.mention}, {leads.mention}, so" in shown
    for role in (team.role, leads):
        team.env.backend.edit_role(team.guild.id, role.id, {"mentionable": True})
    assert "may not ping" not in text_of(await team.admin.slash(team.social, "desk settings"))
    assert f"{leads.mention} may decide too from 30 minutes before its time" in said
    card = await team.put_before_approvers(caption="Slow", accounts=[THREADS], when="in 3 hours")
    await lead.react(card, "✅")
    assert await state(team) is PostState.IN_REVIEW
    await team.advance(3601)
    await team.tick()
    [thread] = team.approvals.threads
    [told] = thread.history()
    assert "is not decided yet" in text_of(told)
    assert [role.id for role in told.role_mentions] == [team.role.id]
    assert told.mentions == []
    await team.advance(5400)
    await team.tick()
    told = next(item for item in thread.history() if "From now on" in text_of(item))
    assert f"From now on {leads.mention} may decide too." in text_of(told)
    assert {role.id for role in told.role_mentions} == {team.role.id, leads.id}
    assert f"Waits for {team.role.mention} or {leads.mention}" in text_of(team.card)
    await lead.react(team.card, "✅")
    assert await state(team) is PostState.APPROVED


async def test_an_author_who_approves_is_told_what_to_do(team: Team) -> None:
    """With four eyes and an author who is an approver too, the card says so; off, it says that."""
    author = team.guild.add_member(team.env.create_user("una"), roles=[team.role])
    form = await author.slash(team.social, "post new")
    account = await team.account(THREADS)
    draft = await author.submit_modal(
        form, {"caption": "Alone", "title": "", "media": [], "accounts": [account], "when": "now"}
    )
    assert draft.response is not None
    await author.click(draft.response, label="Send for approval")
    await team.announce()
    assert f"{author.mention} wrote it, so someone else approves it" in text_of(team.card)
    await author.react(team.card, "✅")
    assert "Four eyes" in asked(team).content
    said = text_of(await team.admin.slash(team.social, "desk approval", four_eyes="off"))
    assert "an author may approve their own post" in said
    await team.announce()
    assert "four eyes are off" in text_of(team.card)
    await author.react(team.card, "✅")
    assert await state(team) is PostState.APPROVED


async def test_rules_as_an_admin_types_them(team: Team) -> None:
    """Stages with roles and people, a number, or each of several; what is not understood is said."""
    client = team.guild.create_role("Client")
    typed = f"2 of {team.role.mention} then each of {client.mention} {team.approver.mention}"
    said = text_of(await team.admin.slash(team.social, "desk approval", stages=typed))
    assert f"2 of {team.role.mention}, then each of {client.mention}" in said
    rules = (await configure.get(team.desk, team.guild.id)).approval
    assert rules.stages == (
        Stage(roles=(team.role.id,), needed=2),
        Stage(roles=(client.id,), people=(team.approver.id,), each=True),
    )
    for wrong in ("the boss", "0 of " + client.mention, f"<@&{team.guild.id}>", " "):
        said = text_of(await team.admin.slash(team.social, "desk approval", stages=wrong))
        assert "Stages" in said
    said = text_of(await team.admin.slash(team.social, "desk approval", stages="usual", needed=2))
    assert f"Rules: 2 of {team.role.mention};" in said


async def test_no_approval_needed(team: Team) -> None:
    """Authors of a role that needs none have their posts go out as they are sent."""
    said = text_of(await team.admin.slash(team.social, "desk approval", free=team.role.mention))
    assert f"authors who are {team.role.mention} need none" in said
    assert "waits in" in text_of(await team.ask(caption="Asked", accounts=[THREADS]))
    await team.admin.slash(team.social, "desk approval", free="everyone")
    said = text_of(await team.ask(caption="Free", accounts=[THREADS]))
    assert "is approved" in said
    await team.tick()
    assert [post.text for post in team.published] == ["Free"]
    assert "No approval was needed" in text_of(team.card)
    assert "needs no approval here" in "".join(text_of(item) for item in team.social.history())


async def never() -> dict[int, Roles]:
    """Ask for nobody's roles."""
    raise AssertionError


async def test_the_history_of_a_post_is_turned_page_by_page(team: Team) -> None:
    """A long chain has buttons to its other pages, which work after a restart."""
    await team.put_before_approvers(caption="Begun", accounts=[THREADS], when="in 2 hours")
    voter = Voter(
        server_id=team.guild.id,
        user_id=team.approver.id,
        roles=frozenset({team.role.id}),
        ask=lambda _: never(),
    )
    post = (await shown(team)).post
    for _ in range(20):
        await review.cast(team.desk, voter, post, Verdict.HOLD)
        await review.take_back(team.desk, voter, post, Verdict.HOLD)
    await team.announce()
    first = await team.approver.slash(team.approvals, "post history", post=1)
    assert "wrote revision 1" in text_of(first)
    assert first.ephemeral
    await team.restart()
    assert first.response is not None
    last = await team.approver.click(first.response, label="Later")
    assert "took back their vote ⏸️" in text_of(last)
    assert "Page 2 of 2" in text_of(last)
