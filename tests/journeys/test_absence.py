"""What admins and the team are told when the bot was away, or its channel is closed to it."""

from typing import Any, cast

import discord
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.client import Copydesk
from bot.domain.approval import Rules, Stage
from bot.domain.post import PostState
from bot.workflow import browse, configure
from tests.journeys.team import FACEBOOK, THREADS, Team, text_of


def cog(team: Team, name: str) -> Any:
    """A cog of the running bot."""
    return cast("Copydesk", team.env.bot).get_cog(name)


def owner_messages(team: Team) -> list[Any]:
    """What the bot wrote to the owner of the server."""
    backend = team.env.backend
    return [
        item
        for channel_id, messages in backend.messages.items()
        if backend.channels[channel_id].guild_id is None
        for item in messages.values()
    ]


async def test_the_report_after_an_outage(team: Team) -> None:
    """Votes found on the cards, what ran late, was missed and expired: one short message, once."""
    await configure.change(
        team.desk,
        server_id=team.guild.id,
        user_id=team.admin.id,
        approval=Rules(stages=(Stage(needed=2),)),
    )
    voted = await team.put_before_approvers(caption="Voted", accounts=[THREADS])
    expired = await team.put_before_approvers(
        caption="Slow", accounts=[THREADS], when="in 30 minutes"
    )
    await configure.change(
        team.desk, server_id=team.guild.id, user_id=team.admin.id, approval=Rules()
    )
    late = await team.put_before_approvers(caption="Late", accounts=[THREADS], when="in 50 minutes")
    missed = await team.put_before_approvers(
        caption="Missed", accounts=[FACEBOOK], when="in 10 minutes"
    )
    for card in (late, missed):
        await team.approver.react(card, "✅")
    await cog(team, "CatchUpCog").presence.tick()
    team.env.backend.subscribers.clear()
    await team.approver.react(voted, "✅")
    await team.approver.react(expired, "✅")
    await team.advance(3600)
    await team.restart()
    await team.tick()
    await team.advance(5)
    await cog(team, "CatchUpCog").presence.tick()
    await team.announce()
    told = next(item for item in team.approvals.history() if "was away" in text_of(item))
    said = text_of(told)
    assert f"Votes counted now: Post 1 · {team.approver.mention} ✅" in said
    assert "Expired undecided: “Ask again” under the card: Post 2" in said
    shown = await browse.show(team.desk, server_id=team.guild.id, post_id=1)
    assert shown.post.state is PostState.APPROVED
    assert any(
        "The time of post 2 has passed." in item.content for item in team.approvals.history()
    )
    await team.restart()
    await team.announce()
    assert sum("was away" in text_of(item) for item in team.approvals.history()) == 1


async def test_admins_are_told_of_a_closed_channel(team: Team) -> None:
    """No card can be shown: admins are told once, in a message to the owner where no channel is
    left; the post waits, and its card comes when the channel is open again.
    """
    me = team.env.bot.user
    assert me is not None
    denied = discord.Permissions(send_messages=True).value
    closed = Overwrite(target_id=me.id, type=OverwriteType.MEMBER, allow=0, deny=denied)
    draft = await team.write(caption="Patience", accounts=[THREADS])
    said = await team.press(draft, "Send for approval")
    assert "waits in" in text_of(said)
    team.env.backend.set_overwrite(team.approvals.id, closed)
    for _ in range(3):
        await team.tick()
        await team.advance(5)
    [told] = [item for item in owner_messages(team) if "cannot be approved" in str(item.embeds)]
    assert "Copydesk lacks send messages" in str(told.embeds)
    team.env.backend.delete_overwrite(team.approvals.id, me.id)
    await team.advance(60)
    await team.tick()
    assert "Patience" in text_of(team.card)


async def test_a_permission_that_is_lost(team: Team) -> None:
    """Taken away while a post waits, it is told at once, though nothing was to be shown."""
    await team.put_before_approvers(caption="Patience", accounts=[THREADS])
    me = team.env.bot.user
    assert me is not None
    for number in range(2):
        denied = discord.Permissions(add_reactions=True, manage_messages=bool(number)).value
        closed = Overwrite(target_id=me.id, type=OverwriteType.MEMBER, allow=0, deny=denied)
        team.env.backend.set_overwrite(team.approvals.id, closed)
        await team.env.settle()
        await team.announce()
    [told] = [item for item in team.approvals.history() if "cannot be approved" in text_of(item)]
    assert "Copydesk lacks add reactions" in text_of(told)


async def test_the_card_of_a_deleted_channel(team: Team) -> None:
    """Its channel gone, a post waits; in the next channel its card is put back, and takes votes."""
    await team.put_before_approvers(caption="Homeless", accounts=[THREADS])
    lobby = team.guild.create_text_channel("lobby")
    await team.admin.slash(lobby, "desk settings", fallback=lobby)
    team.env.backend.delete_channel(team.approvals.id)
    await team.env.settle()
    await team.tick()
    [told] = [item for item in lobby.history() if item.embeds]
    assert "was deleted" in text_of(told)
    team.approvals = team.guild.create_text_channel("approvals-2")
    await team.admin.slash(lobby, "desk settings", approvals=team.approvals)
    await team.tick()
    assert "Homeless" in text_of(team.card)
    await team.approver.react(team.card, "✅")
    await team.tick()
    assert team.wahdx.calls == 1
    assert len([item for item in lobby.history() if "was deleted" in text_of(item)]) == 1
