"""The bot killed at exact points of a post's life, and started again: nothing lost or twice."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

from tests.wire.town import Town, open_town

Check = Callable[[Town], Awaitable[None]]

WHILE_WRITTEN = (
    "bot.workflow.compose:ask_review:after",
    "bot.workflow.announce:take:after",
    "cogs.announcer:Announcer._say:after",
    "bot.workflow.announce:told:before",
)
WHILE_DECIDED = ("bot.workflow.review:decide:before", "db.posts:move:after:2")

# What must have become of an approved post after the next start, by where the bot was killed.
BEFORE_THE_ANSWER: dict[str, Check] = {
    "db.deliveries:set_attempts:after": Town.published_once,  # the claim is not committed yet
    "bot.workflow.claim:take_due:after": Town.unsent_once,
    "providers.wahdx:Wahdx.publish:before": Town.unsent_once,
}
AFTER_THE_ANSWER: dict[str, Check] = {
    "providers.wahdx:Wahdx.publish:after": Town.unknown_once,
    "bot.workflow.record:Recorder.record:before": Town.unknown_once,
    "bot.workflow.record:write:after": Town.unknown_once,  # the answer is not committed yet
    "bot.workflow.track:Tracker._write:before": Town.published_once,
    "cogs.announcer:Announcer._say:before": Town.published_once,
    "cogs.announcer:Announcer._say:after": Town.published_once,
}


async def _in_towns(
    folder: Path, begun: Path, points: Iterable[str], live: Callable[[Town, str], Awaitable[None]]
) -> None:
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


async def _survive(folder: Path, approved: Path, checks: dict[str, Check]) -> None:
    async def live(town: Town, point: str) -> None:
        await town.start_alone(point)
        await town.died()
        await town.start()
        await checks[point](town)

    await _in_towns(folder, approved, checks, live)


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

    await _in_towns(tmp_path, set_up, WHILE_DECIDED, live)


async def test_killed_before_the_answer(approved: Path, tmp_path: Path) -> None:
    """What was not claimed is published; what was claimed is not called for again."""
    await _survive(tmp_path, approved, BEFORE_THE_ANSWER)


async def test_killed_after_the_answer(approved: Path, tmp_path: Path) -> None:
    """What was perhaps published is told as unknown; what was accepted is followed and told."""
    await _survive(tmp_path, approved, AFTER_THE_ANSWER)
