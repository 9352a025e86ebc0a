"""Channels and settings that stand in the way: told before anyone types, and mended afterwards.

Nothing typed meanwhile is lost, and what is to be told waits or is told elsewhere.
"""

from collections.abc import Callable

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.domain.post import PostState
from bot.workflow import browse
from tests.journeys.team import FACEBOOK, JPEG, Team, text_of


async def test_without_an_account_no_form_opens(newcomers: Team) -> None:
    """Nothing is typed in vain: the command itself says what is missing and who mends it."""
    said = await newcomers.open_form()
    assert said.modal is None
    assert "Approvals channel: None is set.\n→ An admin sets it with /desk" in text_of(said)
    assert (
        "Accounts: No account is connected.\n→ An admin connects a service with /provider connect."
        in text_of(said)
    )


async def test_without_a_role_no_form_opens(newcomers: Team) -> None:
    """A channel without an approver role is half a setting; the role is asked for."""
    await newcomers.admin.slash(newcomers.social, "desk settings", approvals=newcomers.approvals)
    said = text_of(await newcomers.open_form())
    assert "Approver role: None is set.\n→ An admin sets it with /desk settings." in said


def delete_channel(team: Team) -> None:
    """Someone deletes the channel where posts are approved."""
    team.env.backend.delete_channel(team.approvals.id)


def close_channel(team: Team) -> None:
    """Someone takes two permissions from the bot there."""
    denied = discord.Permissions(send_messages=True, add_reactions=True)
    me = team.env.bot.user
    assert me is not None
    overwrite = Overwrite(target_id=me.id, type=OverwriteType.MEMBER, allow=0, deny=denied.value)
    team.env.backend.set_overwrite(team.approvals.id, overwrite)


def open_channel(team: Team) -> None:
    """The permissions are given back."""
    me = team.env.bot.user
    assert me is not None
    team.env.backend.delete_overwrite(team.approvals.id, me.id)


# Without “send messages” Discord takes embeds and files away too.
LACKING = "Copydesk lacks add reactions, send messages, embed links, attach files in"
GONE = "the one that was set is gone, or closed to Copydesk.\n→ An admin sets another with /desk"


@pytest.mark.parametrize(("happens", "told"), [(delete_channel, GONE), (close_channel, LACKING)])
async def test_a_channel_that_is_gone_or_closed_is_told_before(
    team: Team, happens: Callable[[Team], None], told: str
) -> None:
    """`/post new` says what an admin has to do, and opens no form."""
    happens(team)
    said = await team.open_form()
    assert said.modal is None
    assert told.lower() in text_of(said).lower()


@pytest.mark.parametrize(("happens", "told"), [(delete_channel, GONE), (close_channel, LACKING)])
async def test_a_channel_that_goes_while_someone_types(
    team: Team, happens: Callable[[Team], None], told: str
) -> None:
    """What was typed is kept, and goes to review when an admin has mended it."""
    form = await team.open_form()
    happens(team)
    typed = {"caption": "Typed", "media": [("photo.jpg", JPEG)], "accounts": [FACEBOOK]}
    refused = await team.send_form(form, **typed)
    assert told.replace("\n", " ").lower() in text_of(refused).lower()
    if happens is close_channel:
        open_channel(team)
    else:
        team.approvals = team.guild.create_text_channel("approvals-2")
        await team.admin.slash(team.social, "desk settings", approvals=team.approvals)
    assert "Post 1 waits" in text_of(await team.press(refused, "Send for approval"))
    await team.announce()
    assert "Typed" in text_of(team.card)


async def test_settings_show_what_is_missing(team: Team) -> None:
    """`/desk settings` names every permission the bot lacks in the channel."""
    close_channel(team)
    said = text_of(await team.admin.slash(team.social, "desk settings"))
    assert f"⚠️ Permissions: {LACKING} {team.approvals.mention}. An admin" in said


async def test_a_channel_where_results_cannot_be_told(team: Team) -> None:
    """Where the bot may not write, no post begins: its result could not be told."""
    me = team.env.bot.user
    assert me is not None
    denied = discord.PermissionOverwrite(send_messages=False, embed_links=False)
    silent = team.guild.create_text_channel("silent", overwrites={me: denied})
    said = await team.author.slash(silent, "post new")
    assert said.modal is None
    assert f"Copydesk lacks send messages, embed links in {silent.mention}." in text_of(said)


async def test_a_card_waits_for_a_channel(team: Team) -> None:
    """Sent for review, then the channel goes: the card is put into the next one, once."""
    assert "waits in" in text_of(await team.ask(caption="Patience"))
    delete_channel(team)
    await team.tick()
    team.approvals = team.guild.create_text_channel("approvals-2")
    await team.admin.slash(team.social, "desk settings", approvals=team.approvals)
    for _ in range(3):
        await team.advance(10)
        await team.tick()
    assert [text_of(message).count("Patience") for message in team.approvals.history()] == [1]
    shown = await browse.show(team.desk, server_id=team.guild.id, post_id=1)
    assert shown.post.state is PostState.IN_REVIEW
