"""The ways in which a post begins, beside the form of /post new."""

from typing import Any, cast

import pytest
from simcord import InteractionResult

from bot.client import Copydesk
from bot.workflow import connect
from bot.workflow.cut import Cutter
from tests.journeys.team import (
    DEADLINE,
    FACEBOOK,
    JPEG,
    THREADS,
    TIKTOK,
    WAYIN_KEY,
    Team,
    filled_in,
    text_of,
)

MENU = "Draft a post from this"


async def cut(team: Team) -> None:
    """Let the machine order and ask once, and tell of it."""
    cutter = Cutter(team.desk)
    await cutter.tick()
    await cutter.drain(DEADLINE)
    cog: Any = cast("Copydesk", team.env.bot).get_cog("ClipsCog")
    await cog.tick()
    await cog.drain(DEADLINE)
    await team.env.settle()


def select_named(card: InteractionResult, name: str) -> str:
    """The whole name of a select in an answer."""
    assert card.response is not None
    rows = card.response.components
    names = [item.get("custom_id", "") for row in rows for item in row["components"]]
    return next(each for each in names if each.startswith(name))


async def test_a_message_becomes_a_post(team: Team) -> None:
    """Its text as people read it, its files and its author are taken over, and a link back is kept,
    also on the card that approvers see.
    """
    said = await team.stranger.send(
        team.social,
        f"Ask {team.author.mention} for *beans* <t:1700000000:R>",
        attachments=[("beans.jpg", JPEG)],
    )
    card = await team.author.context_menu(team.social, MENU, said)
    assert card.ephemeral
    shown = text_of(card)
    assert "beans.jpg" in shown
    assert said.jump_url in shown
    assert team.stranger.mention in shown
    assert "ann for \\*beans\\*" in shown.replace("@", "")
    accounts = await team.press(card, "Accounts")
    chosen = await team.choose(accounts, "pick", await team.account(THREADS))
    card = await team.press(chosen, "Done")
    said_so = text_of(await team.press(card, "Send for approval"))
    assert "waits in" in said_so
    await team.announce()
    assert said.jump_url in text_of(team.card)


async def test_a_forwarded_message(team: Team) -> None:
    """Of a forwarded message, what it forwards is taken over."""
    said = await team.stranger.send(team.approvals, "Elsewhere", attachments=[("a.jpg", JPEG)])
    forwarded = await team.stranger.forward(said, team.social)
    shown = text_of(await team.author.context_menu(team.social, MENU, forwarded))
    assert "Elsewhere" in shown
    assert "a.jpg" in shown


async def test_a_message_with_nothing_to_take(team: Team) -> None:
    """A message without text and files is refused, with what would do."""
    said = await team.stranger.send(team.social, "<t:1700000000:R>")
    assert "neither text nor files" in text_of(
        await team.author.context_menu(team.social, MENU, said)
    )


async def test_the_impatient(team: Team) -> None:
    """With the text in the command no form is needed; with accounts and time alone it opens with
    them.
    """
    names = await team.author.autocomplete(team.social, "post new", "accounts", "threads")
    card = await team.author.slash(
        team.social, "post new", text="Now", accounts=names[0]["value"], when="in 2h"
    )
    assert THREADS in text_of(card)
    assert "waits in" in text_of(await team.press(card, "Send for approval"))
    form = await team.author.slash(team.social, "post new", accounts=TIKTOK, when="fri 18:30")
    stands = filled_in(form)
    assert (stands["accounts"], stands["when"]) == ([TIKTOK], "fri 18:30")


async def test_what_is_wrong_loses_nothing(team: Team) -> None:
    """Names that are none are told beside the draft that keeps the rest."""
    card = await team.author.slash(
        team.social, "post new", text="Keep me", accounts="Orkut", from_template="Nothing"
    )
    shown = text_of(card)
    for part in ("Keep me", "“Orkut” is no account", "no template “Nothing”"):
        assert part in shown


async def test_an_earlier_post_and_a_template(team: Team) -> None:
    """An earlier post begins another, and so does a template made of one."""
    await team.put_before_approvers(
        caption="Beans", accounts=[THREADS], media=[("beans.jpg", JPEG)], when="in 3h"
    )
    card = await team.author.slash(team.social, "post duplicate", post=1)
    shown = text_of(card)
    for part in ("Beans", "beans.jpg", THREADS, "an earlier post"):
        assert part in shown
    kept = await team.author.slash(team.social, "post template save", post=1, name="Monday")
    assert "Monday" in text_of(kept)
    listed = await team.author.slash(team.social, "post template list")
    assert THREADS in text_of(listed)
    [name] = await team.author.autocomplete(team.social, "post new", "from_template", "mon")
    card = await team.author.slash(team.social, "post new", from_template=name["value"])
    for part in ("Beans", "beans.jpg", THREADS):
        assert part in text_of(card)
    await team.author.slash(team.social, "post template delete", name="Monday")
    assert "None yet" in text_of(await team.author.slash(team.social, "post template list"))


@pytest.fixture
async def service(team: Team) -> int:
    """The connection of a service that cuts clips."""
    await connect.connect(
        team.desk,
        server_id=team.guild.id,
        provider="wayinvideo",
        credentials={"key": WAYIN_KEY},
        user_id=team.admin.id,
    )
    [choice] = await team.author.autocomplete(team.social, "clips make", "service", "way")
    return int(choice["value"])


async def test_clips_from_the_order_to_the_draft(team: Team, service: int) -> None:
    """What it costs is said first, options are chosen, one message tells how far it is, and each
    clip begins a post; restarts in between lose nothing.
    """
    order = await team.author.slash(
        team.social, "clips make", service=service, link="https://youtu.be/harbour", name="Film"
    )
    assert "API Units" in text_of(order)
    assert order.response is not None
    form = await team.author.select(
        order.response, ["0"], custom_id=select_named(order, "clips:option:")
    )
    order = await team.author.submit_modal(form, {"limit": "2", "target_duration": []})
    assert "Most clips, the best first: 2" in text_of(order)
    await team.restart()
    assert "Ordered" in text_of(await team.press(order, "Order the clips"))
    await cut(team)
    told = team.social.last_message
    assert told is not None
    assert "cuts" in text_of(told)
    await team.restart()
    await team.advance(31)
    await cut(team)
    [message] = [item for item in team.social.history() if item.embeds]
    assert message.id == told.id
    assert "The perfect flat white" in text_of(message)
    assert message.embeds[1].thumbnail.url
    form = await team.author.select(message, ["0"])
    assert form.modal is not None
    stands = {
        part["component"]["custom_id"]: part["component"] for part in form.modal["components"]
    }
    assert stands["title"]["value"] == "The perfect flat white"
    recent = await team.author.autocomplete(
        team.social, "post clip", "project", "film", service=service
    )
    assert "Film · 2 clips" in recent[0]["name"]


async def test_an_order_that_is_refused(team: Team, service: int) -> None:
    """A link from nowhere a service knows fails, and says why in the message."""
    order = await team.author.slash(
        team.social, "clips make", service=service, link="https://nowhere.example/a.mp4"
    )
    await team.press(order, "Order the clips")
    await cut(team)
    await team.advance(31)
    await cut(team)
    told = text_of(team.social.last_message)
    assert "Failed" in told
    assert "not supported" in told
    assert "→" in told


async def test_an_order_of_someone_else(team: Team, service: int) -> None:
    """Nothing is ordered before a person says so, and what is left is gone."""
    order = await team.author.slash(
        team.social, "clips make", service=service, link="https://youtu.be/harbour"
    )
    assert "Nothing was ordered" in text_of(await team.press(order, "Leave it"))
    await cut(team)
    assert team.social.last_message is None


async def test_how_it_will_look(team: Team) -> None:
    """Under a draft and under its card, “Preview” draws it for each account, to whoever asks."""
    draft = await team.write(
        caption="Beans " * 60, accounts=[FACEBOOK, TIKTOK], media=[("beans.jpg", JPEG)]
    )
    looks = await team.press(draft, "Preview")
    assert looks.ephemeral
    assert TIKTOK in text_of(looks)
    assert "gets bars" in text_of(looks)
    assert looks.response is not None
    [picture] = looks.response.message.attachments
    assert picture.filename == "preview.jpg"
    other = await team.author.select(looks.response, [await team.account(FACEBOOK)])
    assert "behind “… See more”" in text_of(other)
    await team.press(draft, "Send for approval")
    await team.announce()
    await team.restart()
    shown = await team.approver.click(team.card, label="Preview")
    assert TIKTOK in text_of(shown)
