"""Where a post is told of when its channel, its thread or both are gone: once, wherever it is."""

import discord
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.domain.event import EventKind
from bot.workflow import announce, configure
from db.tables import events
from tests.journeys.team import Team, text_of


def said(team: Team) -> dict[str, list[str]]:
    """What the bot said of what became of posts, by channel; the thread of a post is “thread”."""
    found: dict[str, list[str]] = {}
    backend = team.env.backend
    for channel_id, messages in backend.messages.items():
        if channel_id not in backend.channels:
            continue
        channel = backend.channels[channel_id]
        told = [str(item.embeds) for item in messages.values() if " · event " in str(item.embeds)]
        if told:
            found["thread" if channel.is_thread else str(channel.name)] = told
    return found


def deny(team: Team, channel_id: int, **denied: bool) -> None:
    """Take permissions from the bot in a channel."""
    me = team.env.bot.user
    assert me is not None
    value = discord.Permissions(**denied).value
    overwrite = Overwrite(target_id=me.id, type=OverwriteType.MEMBER, allow=0, deny=value)
    team.env.backend.set_overwrite(channel_id, overwrite)


def allow(team: Team, channel_id: int) -> None:
    """Give the permissions back."""
    me = team.env.bot.user
    assert me is not None
    team.env.backend.delete_overwrite(channel_id, me.id)


async def an_orphan(team: Team) -> discord.Message:
    """Approve a post whose channel of origin is gone; its card."""
    card = await team.put_before_approvers(caption="Orphan")
    team.env.backend.delete_channel(team.social.id)
    await team.approver.react(card, "✅")
    return card


async def untold(team: Team) -> dict[EventKind, str]:
    """What is still to be told, with why it could not be."""
    async with team.desk.database.reading() as reading:
        rows = await reading.execute(events.select().where(events.c.tell_at.is_not(None)))
        return {EventKind(row.kind): row.trouble for row in rows}


async def test_the_thread_when_the_channel_of_origin_is_gone(team: Team) -> None:
    """What became of a post is told in its thread, under its card, and pings the author."""
    card = await an_orphan(team)
    await team.tick()
    [thread] = team.approvals.threads
    assert thread.id == card.id
    [told] = thread.history()
    assert "Post 1: published" in text_of(told)
    assert [user.id for user in told.mentions] == [team.author.id]
    assert said(team).keys() == {"thread"}


async def test_beside_the_card_where_no_thread_can_be_begun(team: Team) -> None:
    """Without the permission it is told in reply to the card; the settings say what is lacking."""
    card = await an_orphan(team)
    deny(team, team.approvals.id, create_public_threads=True)
    await team.tick()
    told = team.approvals.last_message
    assert told is not None
    assert told.reference is not None
    assert told.reference.message_id == card.id
    assert said(team).keys() == {"approvals"}
    shown = text_of(await team.admin.slash(team.approvals, "desk settings"))
    assert "Threads: Copydesk lacks create public threads in" in shown


async def test_beside_the_card_when_its_thread_was_deleted(team: Team) -> None:
    """A thread that someone deleted is not begun again."""
    card = await an_orphan(team)
    thread = team.env.backend.create_thread(
        team.approvals.id, "Post 1", team.admin.id, message_id=card.id
    )
    await announce.thread_made(team.desk, 1, thread.id)
    team.env.backend.delete_channel(thread.id)
    await team.tick()
    assert said(team).keys() == {"approvals"}


async def test_an_archived_thread_is_opened_again(team: Team) -> None:
    """Whatever is said in a thread that sleeps wakes it."""
    card = await an_orphan(team)
    backend = team.env.backend
    thread = backend.create_thread(team.approvals.id, "Post 1", team.admin.id, message_id=card.id)
    assert thread.thread_metadata is not None
    thread.thread_metadata.archived = True
    await team.tick()
    assert said(team).keys() == {"thread"}


async def test_the_fallback_when_all_else_is_gone(team: Team) -> None:
    """Without channel, thread and card, it is told in the channel an admin set for that."""
    lobby = team.guild.create_text_channel("lobby")
    await team.admin.slash(lobby, "desk settings", fallback=lobby)
    await an_orphan(team)
    team.env.backend.delete_channel(team.approvals.id)
    await team.tick()
    assert said(team).keys() == {"lobby"}


async def test_kept_when_every_place_is_gone(team: Team) -> None:
    """What can be told nowhere is kept with the reason, and told once when there is a place."""
    await an_orphan(team)
    team.env.backend.delete_channel(team.approvals.id)
    await team.tick()
    assert said(team) == {}
    lobby = team.guild.create_text_channel("lobby")
    shown = text_of(await team.author.slash(lobby, "desk status"))
    assert "Post 1" in shown
    assert "Unknown Channel" in (await untold(team))[EventKind.SETTLED]
    assert "Unknown Channel" in shown
    await team.admin.slash(lobby, "desk settings", fallback=lobby)
    for _ in range(3):
        await team.tick()
    assert {name: len(told) for name, told in said(team).items()} == {"lobby": 1}
    assert EventKind.SETTLED not in await untold(team)


async def test_a_card_that_cannot_be_edited_is_true_later(team: Team) -> None:
    """While the channel of the card is closed the result is told; opened, the card shows it too."""
    card = await team.put_before_approvers(caption="Closed")
    await team.approver.react(card, "✅")
    await team.publisher.tick()
    deny(team, team.approvals.id, view_channel=True)
    await team.tick()
    assert said(team).keys() == {"social"}
    assert "Waits for" in text_of(team.card)
    assert (await untold(team)).keys() == {EventKind.CARD_DUE}
    allow(team, team.approvals.id)
    await team.env.settle()
    await team.tick()
    assert "published" in text_of(team.card)
    assert await untold(team) == {}
    assert len(said(team)["social"]) == 2


async def test_a_busy_channel_hides_no_message_of_ours(team: Team) -> None:
    """Sent, its answer lost, and hundreds of messages later: the message is found, none is sent."""
    await team.put_before_approvers(caption="Busy")
    async with team.desk.database.transaction() as transaction:
        again = events.update().where(events.c.post_id == 1)
        await transaction.execute(again.values(tell_at=team.clock(), tries=1))
    for number in range(250):
        await team.stranger.send(team.social, f"chatter {number}")
    await team.advance(600)
    await team.tick()
    assert len(said(team)["social"]) == 1
    assert len([item for item in team.approvals.history() if item.embeds]) == 1
    assert await untold(team) == {}


async def test_a_new_role_shows_on_cards(team: Team) -> None:
    """A card in review names who may decide, also after an admin changed that."""
    card = await team.put_before_approvers(caption="Who")
    other = team.guild.create_role("Editors")
    await configure.change(
        team.desk, server_id=team.guild.id, user_id=team.admin.id, approver_role_id=other.id
    )
    await team.tick()
    assert team.card.id == card.id
    assert f"Waits for <@&{other.id}>" in text_of(team.card)
