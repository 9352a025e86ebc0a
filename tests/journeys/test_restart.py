"""A restart loses nothing: forms, buttons, cards, and the reactions made while nobody listened."""

import asyncio
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.post import PostState
from bot.workflow import browse
from tests.journeys.team import FACEBOOK, JPEG, THREADS, Team, standing_in, text_of, until


async def state(team: Team, post_id: int = 1) -> PostState:
    """Where a post stands in the database."""
    shown = await browse.show(team.desk, server_id=team.guild.id, post_id=post_id)
    return shown.post.state


async def test_a_form_opened_before_a_restart_is_taken_after_it(team: Team) -> None:
    """The new process takes the form that the old one opened, files and all."""
    form = await team.open_form()
    await team.restart()
    card = await team.send_form(
        form, caption="Survived", media=[("a.jpg", JPEG)], accounts=[FACEBOOK]
    )
    assert card.ephemeral
    said = await team.press(card, "Send for approval")
    assert "Post 1 waits in" in text_of(said)
    await team.announce()
    assert "Survived" in text_of(team.card)
    assert [file.filename for file in team.card.attachments] == ["a.jpg"]


async def test_a_form_is_taken_once(team: Team) -> None:
    """The process that opened a form answers it once, not by two ways."""
    await team.write(caption="Once")
    said = text_of(await team.author.slash(team.social, "post list"))
    assert said.count("Once") == 1


async def test_a_key_form_opened_before_a_restart_is_taken_after_it(newcomers: Team) -> None:
    """The form of `/provider connect` survives in the same way."""
    form = await newcomers.admin.slash(newcomers.social, "provider connect", service="wahdx")
    await newcomers.restart()
    said = text_of(await newcomers.admin.submit_modal(form, {"key": "sk_wrong"}))
    assert "Invalid API key" in said


async def test_the_card_of_a_draft_works_after_a_restart(team: Team) -> None:
    """Its buttons open forms with what was typed, and a form is taken by a later process."""
    card = await team.write(
        caption="Kept", media=[("a.jpg", JPEG)], accounts=[FACEBOOK], when="soonish"
    )
    await team.restart()
    form = await team.press(card, "When")
    assert standing_in(form) == {"when": "soonish", "timing": ["here"]}
    await team.restart()
    card = await team.fill_in(form, when="now")
    assert "Post 1 waits in" in text_of(await team.press(card, "Send for approval"))
    await team.announce()
    assert "Kept" in text_of(team.card)
    assert [file.filename for file in team.card.attachments] == ["a.jpg"]


async def test_a_reaction_on_a_card_from_before_a_restart_counts(team: Team) -> None:
    """Cards are recognised by the database, not by the process that sent them."""
    card = await team.put_before_approvers(caption="Old card")
    await team.restart()
    await team.approver.react(card, "✅")
    assert await state(team) is PostState.APPROVED


async def test_a_reaction_while_the_database_is_held_is_counted_when_it_is_free(
    team: Team,
    database_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What cannot be written down is not lost, though Discord says it once."""
    monkeypatch.setattr(sys.modules["cogs.review"], "FIRST_WAIT", 0.01)
    card = await team.put_before_approvers(caption="Held")
    async with team.desk.database.transaction() as transaction:
        await transaction.exec_driver_sql("PRAGMA busy_timeout = 1")
    with closing(sqlite3.connect(database_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        reacting = asyncio.create_task(team.approver.react(card, "✅"))
        await until(lambda: "A reaction is counted later: database is locked" in caplog.text)
        assert await state(team) is PostState.IN_REVIEW
        other.execute("ROLLBACK")
    await reacting
    await team.env.settle()
    assert await state(team) is PostState.APPROVED


async def test_a_form_while_the_database_is_held_gives_its_text_back(
    team: Team, database_path: Path
) -> None:
    """What cannot be kept is not lost either: whoever typed it has it before them."""
    form = await team.open_form()
    async with team.desk.database.transaction() as transaction:
        await transaction.exec_driver_sql("PRAGMA busy_timeout = 1")
    with closing(sqlite3.connect(database_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        said = await team.send_form(form, caption="Harbour lights", accounts=[FACEBOOK])
        other.execute("ROLLBACK")
    assert "nothing was changed" in text_of(said)
    told = [(each.content, [embed.description for embed in each.embeds]) for each in said.followups]
    assert "Harbour lights" in str(told)


async def test_reactions_made_while_the_bot_was_away_are_counted(team: Team) -> None:
    """Discord does not repeat what was missed, so cards are read when the bot is ready."""
    cards = [
        await team.put_before_approvers(caption=caption, accounts=[THREADS])
        for caption in ("Yes", "No", "Neither", "Not theirs")
    ]
    team.env.backend.subscribers.clear()  # nobody hears the gateway any more
    await team.approver.react(cards[0], "✅")
    await team.approver.react(cards[1], "❌")
    await team.stranger.react(cards[3], "✅")
    assert await state(team, 1) is PostState.IN_REVIEW

    await team.restart()

    assert await state(team, 1) is PostState.APPROVED
    assert [await state(team, number) for number in (2, 3, 4)] == [PostState.IN_REVIEW] * 3
    said = [message.content for message in team.approvals.history() if message.content]
    assert f"{team.stranger.mention} Only approvers decide on posts." in "".join(said)
    assert f"{team.approver.mention} Why is it rejected?" in "".join(said)
    card = next(message for message in team.approvals.history() if message.id == cards[3].id)
    assert [reaction.count for reaction in card.reactions] == [1] * 4
    await team.tick()
    assert {post.text for post in team.published} == {"Yes"}


async def test_a_card_deleted_while_the_bot_was_away_is_put_back(team: Team) -> None:
    """A card that is gone does not keep the others from being read; it comes back when told of."""
    first = await team.put_before_approvers(caption="Gone")
    second = await team.put_before_approvers(caption="Here")
    team.env.backend.subscribers.clear()
    team.env.backend.delete_message(team.approvals.id, first.id)
    await team.approver.react(second, "✅")
    await team.restart()
    assert await state(team, 2) is PostState.APPROVED
    await team.author.slash(team.social, "post cancel", post=1)
    await team.announce()
    assert f"Cancelled by {team.author.mention} <t:" in text_of(team.card)


async def test_a_card_sent_but_not_recorded_is_found_again(team: Team) -> None:
    """A process that dies after sending a card and before noting it sends no second one."""
    assert "waits in" in text_of(await team.ask(caption="Twice?"))
    team.env.inject_error("PUT", "/channels/*/reactions/*", status=500, times=1)
    await team.announce()
    await team.advance(10)
    await team.announce()
    assert len(team.approvals.history()) == 1
    assert [str(reaction.emoji) for reaction in team.card.reactions] == ["✅", "❌", "✏️", "⏸️"]
    assert len(team.social.history()) == 1


async def test_an_announcement_is_sent_once_though_its_answer_was_lost(team: Team) -> None:
    """What Discord took before the trouble is found by its mark and not sent again."""
    await team.reject(await team.put_before_approvers(caption="Loud"))
    send = team.env.bot.http.send_message

    async def send_and_lose(*args: object, **more: object) -> None:
        await send(*args, **more)  # pyright: ignore[reportArgumentType]
        raise OSError("the connection broke")

    team.env.bot.http.send_message = send_and_lose  # pyright: ignore[reportAttributeAccessIssue]
    await team.announce()
    team.env.bot.http.send_message = send
    await team.advance(10)
    await team.announce()
    told = [text_of(message) for message in team.social.history()]
    assert [text.count("rejected post 1") for text in told] == [0, 1]
