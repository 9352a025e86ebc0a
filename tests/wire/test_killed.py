"""The bot killed at exact points of a post's life, and started again: nothing lost or twice."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.wire.town import Town, open_town

WHILE_WRITTEN = [
    "bot.workflow.compose:ask_review:after",
    "bot.workflow.announce:take:after",
    "bot.workflow.announce:card_sent:before",
    "cogs.announcer:Announcer._add_reactions:before",
    "cogs.announcer:Announcer._say:after",
    "bot.workflow.announce:told:before",
]
UNDECIDED = ["bot.workflow.review:decide:before", "db.posts:move:after:2"]
UNCLAIMED = ["db.deliveries:claim_due:before", "db.deliveries:set_attempts:after"]
UNSENT = ["bot.workflow.claim:take_due:after", "providers.wahdx:Wahdx.publish:before"]
UNRECORDED = [
    "providers.wahdx:Wahdx.publish:after",
    "bot.workflow.record:Recorder.record:before",
    "bot.workflow.record:write:after",
]
ACCEPTED = ["bot.workflow.track:Tracker._write:before", "cogs.announcer:Announcer._say:after"]

Life = Callable[[Town, str], Awaitable[None]]


async def _in_towns(folder: Path, begun: Path, points: list[str], live: Life) -> None:
    """Live through the deaths at several points side by side, each in a town of its own."""

    async def one(point: str) -> None:
        copy = folder / point.replace(":", "-")
        shutil.copytree(begun, copy)
        try:
            async with open_town(copy) as town:
                await live(town, point)
        except Exception as error:
            error.add_note(f"killed at {point}")
            raise

    async with asyncio.TaskGroup() as group:
        for point in points:
            group.create_task(one(point))


async def test_killed_while_a_post_is_put_before_the_team(set_up: Path, tmp_path: Path) -> None:
    """A post that was sent off reaches the approvers once, and then its accounts."""

    async def live(town: Town, point: str) -> None:
        await town.start(point)
        await town.write_post("ann")
        await town.died()
        await town.start()
        await town.react("paul", await town.card(), "✅")
        await town.published_once()

    await _in_towns(tmp_path, set_up, WHILE_WRITTEN, live)


async def test_killed_while_a_vote_is_counted(set_up: Path, tmp_path: Path) -> None:
    """A vote that was heard and not counted is counted after the next start."""

    async def live(town: Town, point: str) -> None:
        await town.start(point)
        await town.write_post("ann")
        await town.react("paul", await town.card(), "✅")
        await town.died()
        assert not town.states()
        await town.start()
        await town.published_once()

    await _in_towns(tmp_path, set_up, UNDECIDED, live)


async def test_killed_before_the_claim_is_committed(approved: Path, tmp_path: Path) -> None:
    """What was not claimed is published after the next start."""

    async def live(town: Town, point: str) -> None:
        await town.start(point)
        await town.died()
        assert set(town.states().values()) == {"waiting"}
        assert town.wahdx.calls == 0
        await town.start()
        await town.published_once()

    await _in_towns(tmp_path, approved, UNCLAIMED, live)


async def test_killed_between_claim_and_call(approved: Path, tmp_path: Path) -> None:
    """What was claimed is never called for again: it is told as unknown."""

    async def live(town: Town, point: str) -> None:
        await town.start(point)
        await town.died()
        assert set(town.states().values()) == {"submitting"}
        await town.start()
        await town.unknown_once()
        assert (town.feed(), town.wahdx.calls) == ({}, 0)

    await _in_towns(tmp_path, approved, UNSENT, live)


async def test_killed_before_the_answer_is_recorded(approved: Path, tmp_path: Path) -> None:
    """What was perhaps published is never called for again: it is told as unknown."""

    async def live(town: Town, point: str) -> None:
        await town.start(point)
        await town.died()
        assert set(town.states().values()) == {"submitting"}
        await town.start()
        await town.unknown_once()
        assert town.wahdx.calls >= 1

    await _in_towns(tmp_path, approved, UNRECORDED, live)


async def test_killed_after_the_answer_is_recorded(approved: Path, tmp_path: Path) -> None:
    """What was accepted is followed to its end and told once, whoever follows it."""

    async def live(town: Town, point: str) -> None:
        await town.start(point)
        await town.died()
        await town.start()
        await town.published_once()

    await _in_towns(tmp_path, approved, ACCEPTED, live)
