"""Accounts as people see them: listed, named, connected, and told of when they break."""

import re
from datetime import timedelta
from typing import Any, cast

import aiohttp
import discord
import pytest
from simcord import InteractionResult
from sqlalchemy import select, update

from bot.client import Copydesk
from bot.domain.delivery import DeliveryState
from bot.workflow import accounts, configure, connect
from bot.workflow.watch import JOINING_EVERY
from db import tables
from sandbox.services.wayinvideo.service import WayinVideo
from tests.journeys.team import THREADS, TIKTOK, WAYIN_KEY, Team, text_of

CODE_SECONDS = 5.0  # between questions about a code


def notices(team: Team) -> list[discord.Message]:
    """What was told of the server as a whole, oldest first."""
    return [
        message
        for channel in (team.approvals, team.social)
        for message in channel.history()
        if any((embed.footer.text or "").startswith("Notice") for embed in message.embeds)
    ]


async def tell(team: Team) -> None:
    """Tick once, and tell what is to be told of the server."""
    await team.tick()
    cog: Any = cast("Copydesk", team.env.bot).get_cog("NoticeCog")
    await cog.tick()
    await cog.drain(5)
    await team.env.settle()


async def test_accounts_are_listed_and_read_anew(team: Team) -> None:
    """`/account list` shows each account with how it is, what it takes and what goes out next; its
    button reads them anew, also after a restart, and says what could not be read.
    """
    await team.put_before_approvers(caption="Soon", when="in 2 hours", accounts=[THREADS])
    await team.approver.react(team.card, "✅")
    said = await team.author.slash(team.social, "account list")
    assert said.ephemeral
    assert "6 connected, 1 of them to be connected again" in text_of(said)
    assert THREADS in text_of(said)
    assert "4,300 followers" in text_of(said)
    assert "Takes text, photos, video · via WAHDX" in text_of(said)
    assert re.search(r"Next: post \d+ <t:\d+:R>", text_of(said))
    await team.restart()
    team.wahdx.fault = "accounts_expired"
    assert said.response
    again = await team.author.click(said.response, label="Read anew")
    assert "6 of them to be connected again" in text_of(again)
    assert "held until it is connected again" in text_of(again)
    team.wahdx.fault = "rate_limited"
    assert said.response
    refused = await team.author.click(said.response, label="Read anew")
    assert "WAHDX could not be read" in text_of(refused)


async def test_a_name_and_a_set(team: Team) -> None:
    """An admin names an account and keeps a set; both are offered where posts are written."""
    names = await team.admin.autocomplete(team.social, "account rename", "account", "threads")
    renamed = await team.admin.slash(
        team.social, "account rename", account=names[0]["value"], name="Brand A", emoji="☕"
    )
    assert "It is called Threads · ☕ Brand A from now on." in text_of(renamed)
    form = await team.admin.slash(team.social, "account set", name="Brand A")
    ids = [await team.account(TIKTOK), await team.account("Threads · ☕ Brand A")]
    kept = await team.admin.submit_modal(form, {"accounts-0": ids})
    assert "The set Brand A has 2 accounts" in text_of(kept)
    again = await team.admin.slash(team.social, "account set", name="Brand A")
    assert again.modal
    [select] = [label["component"] for label in again.modal["components"]]
    chosen = [item["value"] for item in select["options"] if item["default"]]
    assert sorted(chosen) == sorted(ids)
    gone = await team.admin.slash(team.social, "account set", name="Brand A", delete=True)
    assert "The set Brand A is deleted." in text_of(gone)
    refused = await team.author.slash(team.social, "account set", name="Brand A")
    assert "manage server" in text_of(refused)


@pytest.fixture
async def wayin_team(team: Team) -> Team:
    """A team that has WayinVideo as well."""
    await connect.connect(
        team.desk,
        server_id=team.guild.id,
        provider="wayinvideo",
        credentials={"key": WAYIN_KEY},
        user_id=team.admin.id,
    )
    return team


async def test_an_account_is_connected_by_a_link(wayin_team: Team, wayinvideo: WayinVideo) -> None:
    """The cost is said first; the link works once, another is given on demand; the account is told
    of where it was asked for, by whoever asked, also after a restart.
    """
    team = wayin_team
    panel = await team.admin.slash(team.social, "account connect")
    assert "Which service is to have the account?" in text_of(panel)
    assert panel.response
    offered = await team.admin.autocomplete(team.social, "account connect", "connection", "wayin")
    panel = await team.admin.slash(
        team.social, "account connect", connection=offered[0]["value"], platform="youtube"
    )
    assert "costs 10 API Units" in text_of(panel)
    assert panel.response
    given = await team.admin.click(panel.response, label="Get a link")
    first = url_of(given)
    assert given.response
    second = url_of(await team.admin.click(given.response, label="Get another link"))
    assert first != second
    await tell(team)
    assert notices(team) == []
    await team.restart()
    async with aiohttp.ClientSession() as browser, browser.get(second) as page:
        assert page.status == 200
    await team.advance(JOINING_EVERY.total_seconds())
    for _ in range(2):
        await tell(team)
    [told] = notices(team)
    assert told.channel.id == team.social.id
    assert f"<@{team.admin.id}> connected it behind WayinVideo" in text_of(told)
    assert "YouTube · harbour\\_8\\_example is connected" in text_of(told)


async def test_many_accounts_are_leafed_through(wayin_team: Team) -> None:
    """Accounts of all connections stand in one list, by platform and name, on pages."""
    said = await wayin_team.author.slash(wayin_team.social, "account list")
    assert said.response
    assert "Page 1 of 2" in text_of(said)
    await wayin_team.author.click(said.response, label="More")
    assert "Page 2 of 2" in text_of(said.response.message)
    assert "YouTube · Harbour Coffee Example" in text_of(said.response.message)
    await wayin_team.author.click(said.response, label="Back")
    assert "Page 1 of 2" in text_of(said.response.message)


def url_of(said: InteractionResult) -> str:
    """The address of a link button."""
    assert said.response
    message = said.response.message
    buttons = [item for row in message.components for item in getattr(row, "children", [])]
    return next(item.url for item in buttons if item.url)


async def follow(team: Team) -> None:
    """Let the time pass after which a code is asked about."""
    await team.advance(CODE_SECONDS)
    cog: Any = cast("Copydesk", team.env.bot).get_cog("JoiningCog")
    await cog.tick()
    await cog.drain(5)
    await team.env.settle()


async def test_an_account_is_connected_by_a_code(team: Team) -> None:
    """The picture, each of its states and a fresh one stand in one message for the admin alone; the
    account is told of in the channel.
    """
    panel = await team.admin.slash(team.social, "account connect")
    assert "needs WAHDX's Maximum plan" in text_of(panel)
    assert panel.response
    await team.admin.click(panel.response, label="Show the code")
    message = panel.response
    assert "Scan it with the app" in text_of(message.message)
    assert re.search(r"expires <t:\d+:R>", text_of(message.message))
    assert [file.filename for file in message.message.attachments] == ["code.png"]
    logins = team.wahdx._codes._logins
    [login] = logins.open()
    logins.scan(login.token)
    await follow(team)
    assert "Scanned. Now confirm it" in text_of(message.message)
    assert [file.filename for file in message.message.attachments] == ["code.png"]
    logins.confirm(login.token)
    await follow(team)
    assert "Confirmed: the account is connected" in text_of(message.message)
    assert message.message.attachments == []
    for _ in range(2):
        await tell(team)
    [told] = notices(team)
    assert "TikTok · Harbour Coffee Van 1 is connected" in text_of(told)
    await team.admin.click(message, label="Get a fresh code")
    assert "Scan it with the app" in text_of(message.message)
    [fresh] = logins.open()
    fresh.at -= 400
    logins._store(fresh)
    await follow(team)
    assert "This code has expired" in text_of(message.message)


async def test_a_code_that_someone_used_already(team: Team) -> None:
    """Whoever misses the one answer that names the account still reads that the code was used."""
    panel = await team.admin.slash(team.social, "account connect", platform="tiktok")
    assert panel.response
    await team.admin.click(panel.response, label="Show the code")
    logins = team.wahdx._codes._logins
    [login] = logins.open()
    logins.scan(login.token)
    logins.confirm(login.token)
    logins.check(login.token)
    await follow(team)
    assert "This code was used" in text_of(panel.response.message)


async def test_a_plan_that_is_too_small_is_told(team: Team) -> None:
    """Where the plan has no codes, the answer says which plan has, and the other way."""
    team.wahdx.fault = "small_plan"
    panel = await team.admin.slash(team.social, "account connect")
    assert panel.response
    said = await team.admin.click(panel.response, label="Show the code")
    [followup] = said.followups
    assert "QR login needs the Maximum plan" in text_of(followup.message)
    assert await accounts.refresh(team.desk, team.guild.id) == []


async def test_only_admins_connect(team: Team) -> None:
    """The right is checked when a button is pressed, whoever saw it."""
    said = await team.author.slash(team.social, "account connect")
    assert "manage server" in text_of(said)
    team.wahdx.fault = "accounts_expired"
    await team.advance(3600)
    for _ in range(2):
        await tell(team)
    [told] = notices(team)
    refused = await team.author.click(told, label="Reconnect TikTok")
    assert "manage server" in text_of(refused)


def now(team: Team, card: discord.Message) -> discord.Message:
    """A card as it is now."""
    return next(message for message in team.approvals.history() if message.id == card.id)


@pytest.mark.parametrize("fault", ["accounts_expired", "key_revoked"])
async def test_an_expiry_while_posts_wait(team: Team, fault: str) -> None:
    """It is told once, with the posts it endangers and a button; they wait, the card says for what,
    and go out once it is well again.
    """
    await team.put_before_approvers(caption="Patience", when="in 70 minutes", accounts=[THREADS])
    card = team.card
    await team.approver.react(card, "✅")
    team.wahdx.fault = fault
    await team.advance(3600)
    for _ in range(3):
        await tell(team)
    [told] = notices(team)
    assert told.channel.id == team.approvals.id
    assert "Patience" in text_of(told)
    assert "Wait until then" in text_of(told)
    label = "Replace the key" if fault == "key_revoked" else "Reconnect TikTok"
    assert label in [item.label for row in told.components for item in getattr(row, "children", [])]
    await team.advance(timedelta(minutes=12).total_seconds())
    for _ in range(2):
        await tell(team)
    assert "held until its account is connected again" in text_of(now(team, card))
    assert team.published == []
    team.wahdx.fault = "none"
    if fault == "key_revoked":
        form = await team.admin.click(told, label="Replace the key")
        assert form.modal
        assert form.modal["title"].startswith("Another key: WAHDX")
    said = await team.author.click(told, label="Check again")
    assert "All is well" in text_of(said) or "Facebook" in text_of(said)
    for _ in range(3):
        await tell(team)
    assert DeliveryState.PUBLISHED.words in text_of(now(team, card))
    assert len(team.published) == 1
    assert len(notices(team)) == 2
    assert "Patience" not in text_of(notices(team)[-1])


async def test_a_notice_is_told_where_it_can_be(team: Team) -> None:
    """Where the approvals channel is closed it is told in the fallback channel; what was sent by a
    process that died before it noted so is found, and not sent again.
    """
    await configure.change(
        team.desk,
        server_id=team.guild.id,
        user_id=team.admin.id,
        fallback_channel_id=team.social.id,
    )
    me = team.env.bot.user
    assert me
    denied = discord.PermissionOverwrite(send_messages=False)
    silent = team.guild.create_text_channel("silent", overwrites={me: denied})
    await configure.change(
        team.desk,
        server_id=team.guild.id,
        user_id=team.admin.id,
        approvals_channel_id=silent.id,
    )
    team.wahdx.fault = "key_revoked"
    await team.author.slash(team.social, "account check")
    await tell(team)
    [told] = notices(team)
    assert told.channel.id == team.social.id
    number = int((told.embeds[0].footer.text or "").removeprefix("Notice "))
    async with team.desk.database.transaction() as transaction:
        statement = update(tables.events).where(tables.events.c.id == number)
        await transaction.execute(statement.values(tell_at=team.desk.now()))
    await tell(team)
    assert [message.id for message in notices(team)] == [told.id]
    told_by_now = select(tables.events.c.tell_at).where(tables.events.c.id == number)
    async with team.desk.database.reading() as reading:
        assert (await reading.execute(told_by_now)).scalar_one() is None
