"""Having clips cut: from the order to a post, through every trouble on the way."""

from typing import Any, cast

import discord
import pytest

from bot.client import Copydesk
from bot.workflow import clip_news, connect
from sandbox.services.wayinvideo.service import WayinVideo
from tests.journeys.team import DEADLINE, WAYIN_KEY, Team, select_named, standing_in, text_of

LINK = "https://youtu.be/harbour"
YOUTUBE = "YouTube · Harbour Coffee Example"


def told(team: Team) -> list[discord.Message]:
    """The messages that tell of orders, oldest first."""
    return [message for message in team.social.history() if message.embeds]


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
    await team.tick()
    [first] = told(team)
    assert "cuts" in text_of(first)
    await team.restart()
    await team.advance(31)
    await team.tick()
    [message] = told(team)
    assert message.id == first.id
    assert "The perfect flat white" in text_of(message)
    assert message.embeds[1].thumbnail.url
    form = await team.author.click(message, label="1 · Draft a post")
    assert standing_in(form)["title"] == "The perfect flat white"
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
    await team.tick()
    await team.advance(31)
    await team.tick()
    [message] = told(team)
    for part in ("Failed", "not supported", "→"):
        assert part in text_of(message)


async def test_an_order_of_someone_else(team: Team, service: int) -> None:
    """Nothing is ordered before a person says so, and what is left is gone."""
    order = await team.author.slash(
        team.social, "clips make", service=service, link="https://youtu.be/harbour"
    )
    assert "Nothing was ordered" in text_of(await team.press(order, "Leave it"))
    await team.tick()
    assert team.social.last_message is None


async def test_moments_that_are_looked_for(
    team: Team, service: int, wayinvideo: WayinVideo
) -> None:
    """What is to be found is shown before the order and with how far it is; a clip of it becomes a
    post, which WayinVideo takes.
    """
    order = await team.author.slash(
        team.social, "clips make", service=service, link=LINK, find="latte art"
    )
    assert "Moments: latte art" in text_of(order)
    await team.press(order, "Order the clips")
    await team.tick()
    [message] = told(team)
    assert "Moments: latte art" in text_of(message)
    await team.restart()  # and forget where the project is to be asked for
    await team.advance(31)
    await team.tick()
    [message] = told(team)
    assert "latte art: Roasting by ear" in text_of(message)
    form = await team.author.click(message, label="2 · Draft a post")
    typed = standing_in(form)
    assert typed["title"] == "latte art: Roasting by ear"
    youtube = await team.account(YOUTUBE)
    card = await team.author.submit_modal(form, typed | {"accounts": [youtube]})
    assert "waits in" in text_of(await team.press(card, "Send for approval"))
    await team.announce()
    await team.approver.react(team.card, "✅")
    await team.tick()
    assert "accepted, result not readable" in text_of(team.card)
    assert (wayinvideo.orders, wayinvideo.calls) == (1, 1)


async def test_an_order_whose_answer_is_lost(
    team: Team, service: int, wayinvideo: WayinVideo
) -> None:
    """Nobody knows whether it was taken, so nothing is ordered again until a person says so, who
    sees once more what it costs.
    """
    wayinvideo.fault = "drop_after"
    order = await team.author.slash(team.social, "clips make", service=service, link=LINK, find="x")
    assert order.response is not None
    form = await team.author.select(
        order.response, ["0"], custom_id=select_named(order, "clips:option:")
    )
    order = await team.author.submit_modal(form, {"limit": "2"})
    await team.press(order, "Order the clips")
    for _ in range(2):
        await team.tick()
        await team.advance(3600)
    [message] = told(team)
    for part in ("Nobody knows", "Look at the service", "order again"):
        assert part in text_of(message)
    wayinvideo.fault = "none"
    again = await team.author.click(message, label="Order again…")
    for part in ("API Units", "Moments: x", "Most clips, the best first: 2"):
        assert part in text_of(again)
    assert wayinvideo.orders == 1
    await team.press(again, "Order the clips")
    await team.tick()
    assert wayinvideo.orders == 2
    assert len(told(team)) == 2


async def test_overlapping_tellings(team: Team, service: int) -> None:
    """Two tellings of one order that are under way together leave one message, and it shows the
    later.
    """
    order = await team.author.slash(team.social, "clips make", service=service, link=LINK)
    await team.press(order, "Order the clips")
    waiting = await clip_news.take(team.desk)
    await team.cutter.tick()
    await team.cutter.drain(DEADLINE)
    working = await clip_news.take(team.desk)
    news: Any = cast("Copydesk", team.env.bot).get_cog("ClipNews")
    for project in [*waiting, *working]:
        news._in_flight.start(news._tell_in_turn(project))
    await news.drain(DEADLINE)
    await team.env.settle()
    [message] = told(team)
    assert "cuts" in text_of(message)
