"""Two people write one post: invited to a draft, or changing what waits for the team."""

import pytest
import simcord
from simcord import InteractionResult

from bot.domain.post import PostState
from bot.workflow import browse
from tests.journeys.team import JPEG, THREADS, Team, standing_in, text_of


@pytest.fixture
def ben(team: Team) -> simcord.MemberActor:
    """Another author, who approves nothing."""
    return team.guild.add_member(team.env.create_user("ben"))


@pytest.fixture
def second(team: Team) -> simcord.MemberActor:
    """Another approver."""
    return team.guild.add_member(team.env.create_user("pia"), roles=[team.role])


async def press(
    who: simcord.MemberActor, shown: InteractionResult, label: str
) -> InteractionResult:
    """Have somebody press a button in an answer to them."""
    assert shown.response is not None
    return await who.click(shown.response, label=label)


async def choose(team: Team, *people: simcord.MemberActor) -> InteractionResult:
    """Have the author of the first draft choose who else writes it; the screen after it."""
    card = await team.author.slash(team.social, "post edit", post=1)
    screen = await team.press(card, "Write together")
    assert screen.response is not None
    return await team.author.select(screen.response, people, custom_id="writers:pick:1")


async def open_shared(team: Team, who: simcord.MemberActor) -> InteractionResult:
    """Have somebody open the draft of the newest invitation."""
    await team.announce()
    told = next(item for item in reversed(team.social.history()) if "together" in text_of(item))
    return await who.click(told, label="Open the draft")


async def fill_in(
    who: simcord.MemberActor, form: InteractionResult, **typed: str
) -> InteractionResult:
    """Have somebody send a form with all that stood in it but for what they typed."""
    return await who.submit_modal(form, standing_in(form) | typed)


def labels(card: InteractionResult) -> list[str]:
    """What can be pressed in an answer."""
    assert card.response is not None
    rows = card.response.components
    return [item["label"] for row in rows for item in row["components"] if "label" in item]


def told_since(shown: InteractionResult) -> str:
    """All that was said to somebody because of what they did."""
    return "\n".join([text_of(shown), *(text_of(each.message) for each in shown.followups)])


async def state(team: Team) -> PostState:
    """Read where people stand with the first post."""
    return (await browse.show(team.desk, server_id=team.guild.id, post_id=1)).post.state


async def test_a_draft_is_shared(team: Team, ben: simcord.MemberActor) -> None:
    """Those who are invited are told once, alone, without the text; they open, change and send the
    draft as its author may, but neither share nor discard it; nobody else opens it.
    """
    await team.write(caption="Secret", media=[("a.jpg", JPEG)], accounts=[THREADS])
    screen = text_of(await choose(team, ben))
    assert f"{team.author.mention} with {ben.mention}" in screen
    mine = await open_shared(team, ben)
    [told] = [item for item in team.social.history() if "together" in text_of(item)]
    assert [user.id for user in told.mentions] == [ben.id]
    assert "Secret" not in text_of(told)
    assert mine.ephemeral
    assert "Secret" in text_of(mine)
    assert f"Written by: {team.author.mention} with {ben.mention}" in text_of(mine)
    assert {"Send for approval", "Text", "Files", "Accounts", "When", "Preview"} <= set(
        labels(mine)
    )
    assert not {"Write together", "Discard"} & set(labels(mine))
    refused = text_of(await team.stranger.click(told, label="Open the draft"))
    assert "Draft 1 is not shared with you." in refused
    assert "Secret" not in refused
    listed = await ben.slash(team.social, "post drafts")
    assert f"shared by {team.author.mention}" in text_of(listed)
    [choice] = await ben.autocomplete(team.social, "post edit", "post", "")
    assert "draft shared with you · Secret" in choice["name"]
    mine = await fill_in(ben, await press(ben, mine, "Text"), caption="Ours")
    sent = await press(ben, mine, "Send for approval")
    assert "Post 1 waits in" in text_of(sent)
    await team.announce()
    assert f"Author: {team.author.mention} with {ben.mention}" in text_of(team.card)
    assert "Ours" in text_of(team.card)
    late = text_of(await ben.click(told, label="Open the draft"))
    assert "Draft 1 was sent: post 1 is in review." in late
    history = text_of(await ben.slash(team.social, "post history", post=1))
    assert f"{team.author.mention} asked {ben.mention} to write it together" in history
    assert f"{ben.mention} asked for approval" in history


async def test_only_people_are_invited(team: Team, ben: simcord.MemberActor) -> None:
    """Bots and the author themself are refused, with nothing changed; whoever is taken away opens
    it no more, and is told nothing when invited beside the others again.
    """
    robot = team.guild.add_member(team.env.create_user("robot", bot=True))
    await team.write(caption="Ours", accounts=[THREADS])
    for wrong, why in ((robot, "is a bot"), (team.author, "is its author")):
        refused = await choose(team, ben, wrong)
        assert f"{wrong.mention} {why}" in told_since(refused)
    await choose(team, ben)
    mine = await open_shared(team, ben)
    screen = await choose(team, team.stranger, ben)
    assert screen.response is not None
    [chosen] = [
        item["default_values"]
        for row in screen.response.components
        for item in row["components"]
        if "default_values" in item
    ]
    assert {int(item["id"]) for item in chosen} == {ben.id, team.stranger.id}
    await team.announce()
    told = team.social.last_message
    assert told is not None
    assert [user.id for user in told.mentions] == [team.stranger.id]
    await choose(team, team.stranger)
    assert "You have no draft 1." in told_since(await press(ben, mine, "Files"))
    assert team.stranger.mention not in text_of(await choose(team))


async def test_two_people_at_one_draft(team: Team, ben: simcord.MemberActor) -> None:
    """Whoever comes second is told by whom it was changed, both ways, by form and by button; they
    see it as it is now, and get back what they typed.
    """
    card = await team.write(caption="Begun", accounts=[THREADS])
    await choose(team, ben)
    mine = await open_shared(team, ben)
    card = await team.author.slash(team.social, "post edit", post=1)
    form, other = await team.press(card, "Text"), await press(ben, mine, "Text")
    await fill_in(ben, other, caption="Ben's words")
    late = await team.fill_in(form, caption="Ann's long words")
    said = told_since(late)
    assert f"Draft 1 was changed by {ben.mention} since you opened it" in said
    assert "Ben's words" in said.replace("\\", "")
    assert "Ann's long words" in said.replace("\\", "")
    await team.fill_in(await team.press(late, "Text"), caption="Both")
    late = await press(ben, mine, "Send for approval")
    said = told_since(late)
    assert f"Draft 1 was changed by {team.author.mention} since you opened it" in said
    assert "Both" in said
    assert await state(team) is PostState.DRAFT


@pytest.mark.parametrize("is_sent", [True, False])
async def test_what_is_no_draft_any_more_invites_nobody(
    team: Team, ben: simcord.MemberActor, *, is_sent: bool
) -> None:
    """Nobody is pinged for a draft that was sent or cancelled when it would be told."""
    await team.write(caption="Begun", accounts=[THREADS])
    await choose(team, ben)
    if is_sent:
        card = await team.author.slash(team.social, "post edit", post=1)
        await team.press(card, "Send for approval")
    else:
        await team.author.slash(team.social, "post cancel", post=1)
    await team.announce()
    assert not any("together" in text_of(item) for item in team.social.history())


async def test_who_is_invited_does_not_approve(team: Team, second: simcord.MemberActor) -> None:
    """Under four eyes an approver who writes on a draft is told so before; their ✅ is taken off,
    with why and what to do, and another's counts.
    """
    card = await team.write(caption="Ours", accounts=[THREADS])
    await choose(team, team.approver)
    mine = await open_shared(team, team.approver)
    assert "your own approval of it does not count" in text_of(mine)
    assert "does not count" not in text_of(card)
    await press(team.approver, mine, "Send for approval")
    await team.announce()
    both = f"{team.author.mention} with {team.approver.mention}"
    assert f"{both} wrote it, so someone else approves it" in text_of(team.card)
    await team.approver.react(team.card, "✅")
    refused = [text_of(item) for item in team.approvals.history() if "Four eyes" in text_of(item)]
    assert any("you wrote on post 1, so your approval of it does not count" in it for it in refused)
    assert "turns four eyes off with /desk approval" in refused[-1]
    refused_button = text_of(await team.approver.click(team.card, label="Approve"))
    assert "you wrote on post 1" in refused_button
    assert await state(team) is PostState.IN_REVIEW
    await second.react(team.card, "✅")
    assert await state(team) is PostState.APPROVED


async def test_an_approver_changes_a_post_in_review(
    team: Team, second: simcord.MemberActor
) -> None:
    """Their earlier vote is void and a new one does not count; the card says who changed it."""
    await team.admin.slash(team.social, "desk approval", stages=f"2 of {team.role.mention}")
    third = team.guild.add_member(team.env.create_user("tom"), roles=[team.role])
    await team.put_before_approvers(caption="Befor", accounts=[THREADS])
    await team.approver.react(team.card, "✅")
    [choice] = await team.approver.autocomplete(team.social, "post edit", "post", "bef")
    change = await team.approver.slash(team.social, "post edit", post=choice["value"])
    assert "your own approval of it does not count" in text_of(change)
    change = await fill_in(
        team.approver, await press(team.approver, change, "Text"), caption="Before"
    )
    await press(team.approver, change, "Ask for approval again")
    await team.announce()
    assert f"Author: {team.author.mention} with {team.approver.mention}" in text_of(team.card)
    await second.react(team.card, "✅")
    await team.approver.react(team.card, "✅")
    assert await state(team) is PostState.IN_REVIEW
    await third.react(team.card, "✅")
    assert await state(team) is PostState.APPROVED
    history = text_of(await team.author.slash(team.social, "post history", post=1))
    assert f"{team.approver.mention} wrote revision 2" in history


async def test_two_people_change_one_post(team: Team) -> None:
    """The second is told by whom it was changed since, and keeps what they wrote."""
    await team.put_before_approvers(caption="Before", accounts=[THREADS])
    ours = await team.author.slash(team.social, "post edit", post=1)
    theirs = await team.approver.slash(team.social, "post edit", post=1)
    ours = await team.fill_in(await team.press(ours, "Text"), caption="Ann's")
    form = await press(team.approver, theirs, "Text")
    theirs = await fill_in(team.approver, form, caption="Paul's")
    await press(team.approver, theirs, "Ask for approval again")
    late = told_since(await team.press(ours, "Ask for approval again"))
    assert f"Post 1 was changed by {team.approver.mention} since you opened it" in late
    assert "kept as draft 2" in late
    assert "Ann's" in late.replace("\\", "")


async def test_a_rejected_post_is_changed_by_who_may_decide(team: Team) -> None:
    """“Change it” opens the change for an approver too, and refuses everyone else."""
    card = await team.put_before_approvers(caption="Dull", accounts=[THREADS])
    await team.reject(card)
    await team.announce()
    assert "is not yours" in text_of(await team.stranger.click(team.card, label="Change it"))
    change = await team.approver.click(team.card, label="Change it")
    assert "Change of post 1" in text_of(change)


async def test_a_writers_approval_found_later(team: Team, second: simcord.MemberActor) -> None:
    """A ✅ that a writer gave while nobody listened is taken off, and decides nothing."""
    await team.write(caption="Ours", accounts=[THREADS])
    await choose(team, team.approver)
    await team.press(await team.author.slash(team.social, "post edit", post=1), "Send for approval")
    await team.announce()
    team.env.backend.subscribers.clear()
    await team.approver.react(team.card, "✅")
    await team.restart()
    await team.tick()
    assert await state(team) is PostState.IN_REVIEW
    assert any("you wrote on post 1" in text_of(item) for item in team.approvals.history())
    assert {reaction.emoji: reaction.count for reaction in team.card.reactions}["✅"] == 1
    await second.react(team.card, "✅")
    assert await state(team) is PostState.APPROVED


async def test_nobody_is_left_to_approve(team: Team, ben: simcord.MemberActor) -> None:
    """Where those who are asked have all written on it, the sender and the card say so."""
    await team.admin.slash(team.social, "desk approval", stages=ben.mention)
    await team.write(caption="Ours", accounts=[THREADS])
    await choose(team, ben)
    sent = text_of(await press(ben, await open_shared(team, ben), "Send for approval"))
    assert "Nobody is left who may approve it" in sent
    assert "turns four eyes off" in sent
    await team.announce()
    assert "Nobody is left who may approve it" in text_of(team.card)
