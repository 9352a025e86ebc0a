"""What people do is on the card at once: by the nudge after its commit, and not by the next tick.

That a nudge runs the ticks within milliseconds is shown in `tests/workflow/test_scheduler.py`.
"""

import asyncio
from dataclasses import replace
from typing import Any, cast

import pytest

from bot.client import Copydesk
from bot.workflow.desk import Desk
from tests.journeys.team import THREADS, Team, a_bot, text_of


class Nudges:
    """Runs the tick that tells what happened when it is nudged; nothing else ever runs it."""

    bot: Copydesk | None = None

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def __call__(self) -> None:
        if self.bot:
            announcer: Any = self.bot.get_cog("Announcer")
            task = asyncio.create_task(announcer.tick())
            self._running.add(task)
            task.add_done_callback(self._running.discard)


@pytest.fixture
def nudges() -> Nudges:
    """What the desk is given as its nudge."""
    return Nudges()


@pytest.fixture
def desk(desk: Desk, nudges: Nudges) -> Desk:
    """The desk of the other journeys, nudged as `bot.program` has it."""
    return replace(desk, nudge=nudges)


@pytest.fixture
def simcord_bot(desk: Desk) -> Copydesk:
    """The bot on that desk."""
    return a_bot(desk)


async def test_a_vote_is_on_the_card_without_a_tick(team: Team, nudges: Nudges) -> None:
    """A card is sent, shows votes and their end, and the decision, though nothing ever ticks."""
    nudges.bot = cast("Copydesk", team.env.bot)
    await team.ask(caption="At once", accounts=[THREADS], when="in 2 hours")
    await team.env.settle()
    mark = f"⏸️ {team.approver.mention} <t:"
    await team.approver.react(team.card, "⏸️")
    assert mark in text_of(team.card)
    await team.approver.unreact(team.card, "⏸️")
    assert mark not in text_of(team.card)
    await team.approver.click(team.card, label="Approve")
    assert f"Approved by {team.approver.mention} <t:" in text_of(team.card)
    await team.approver.click(team.card, label="Hold")
    assert "holds it back" in text_of(team.card)
