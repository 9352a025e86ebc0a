"""The bot killed at exact points of a post's life, and started again: nothing lost or twice."""

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

from tests.wire.town import Town, in_towns

Check = Callable[[Town], Awaitable[None]]

WHILE_WRITTEN = (
    "bot.workflow.compose:ask_review:after",
    "bot.workflow.announce:take:after",
    "cogs.announcer:Announcer._speak:after",
    "bot.workflow.announce:told:before",
)
WHILE_DECIDED = ("bot.workflow.review:cast:before", "db.post_moves:move:after:2")

# What must have become of an approved post after the next start, by where the bot was killed.
BEFORE_THE_ANSWER: dict[str, Check] = {
    "db.claims:claim_due:after": Town.published_once,  # the claim is not committed yet
    "db.attempts:insert:before": Town.published_once,
    "db.claims:set_attempts:after": Town.published_once,
    "bot.workflow.claim:take_due:after": Town.unsent_once,
    "bot.workflow.hand_over:files:after": Town.unsent_once,
    "providers.wahdx.service:Wahdx.publish:before": Town.unsent_once,
}
AFTER_THE_ANSWER: dict[str, Check] = {
    "providers.wahdx.service:Wahdx.publish:after": Town.unknown_once,
    "bot.workflow.record:Recorder.record:before": Town.unknown_once,
    "db.moves:make:before": Town.unknown_once,
    "bot.workflow.record:write:after": Town.unknown_once,  # the answer is not committed yet
    "bot.workflow.record:Recorder.record:after": Town.told_once,
    "bot.workflow.track:Tracker._ask:after": Town.told_once,
    "bot.workflow.track:Tracker._write:before": Town.published_once,
    "bot.workflow.track:Tracker._write:after": Town.told_once,
    "cogs.announcer:Announcer._speak:before": Town.published_once,
    "cogs.announcer:Announcer._speak:after": Town.published_once,
}


async def _survive(folder: Path, approved: Path, checks: dict[str, Check]) -> None:
    async def live(town: Town, point: str) -> None:
        await town.start_alone(point)
        await town.died()
        await town.start()
        await checks[point](town)

    await in_towns(folder, approved, checks, live)


WHILE_FINDING_OUT = (
    "bot.workflow.lapse:reap:before",
    "db.claims:claim_lapsed:after",
    "bot.workflow.record:write:after",  # what is given up is not committed yet
    "bot.workflow.publish:Publisher.resolve:after",
    "bot.workflow.announce:take_back:after",
)
WHILE_MISSED = ("db.late:miss:after", "bot.workflow.late:miss:after")


async def test_killed_while_a_post_is_put_before_the_team(set_up: Path, tmp_path: Path) -> None:
    """A post that was sent off reaches the approvers once, and then its accounts."""

    async def live(town: Town, point: str) -> None:
        await town.start(point)
        await town.write_post("ann")
        await town.died()
        await town.start()
        await town.react("paul", await town.card(), "✅")
        await town.published_once()

    await in_towns(tmp_path, set_up, WHILE_WRITTEN, live)


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

    await in_towns(tmp_path, set_up, WHILE_DECIDED, live)


async def test_killed_before_the_answer(approved: Path, tmp_path: Path) -> None:
    """What was not claimed is published; what was claimed is not called for again."""
    await _survive(tmp_path, approved, BEFORE_THE_ANSWER)


async def test_killed_after_the_answer(approved: Path, tmp_path: Path) -> None:
    """What was perhaps published is told as unknown; what was accepted is followed and told."""
    await _survive(tmp_path, approved, AFTER_THE_ANSWER)


async def test_killed_again_while_finding_out(approved: Path, tmp_path: Path) -> None:
    """A start that dies while it takes up what was cut off is as good as none."""

    async def live(town: Town, point: str) -> None:
        await town.start_alone("providers.wahdx.service:Wahdx.publish:after")
        await town.died()
        await town.start_alone(point)
        await town.died()
        await town.start()
        await town.unknown_once()

    await in_towns(tmp_path, approved, WHILE_FINDING_OUT, live)


async def test_killed_while_something_is_missed(approved: Path, tmp_path: Path) -> None:
    """What is too late after a long absence is missed and told once, and never sent."""

    async def live(town: Town, point: str) -> None:
        with closing(sqlite3.connect(town.database)) as database, database:
            database.execute(
                "UPDATE deliveries SET due_at = '2026-01-01 00:00:00.000000', try_at = due_at"
            )
        await town.start_alone(point)
        await town.died()
        await town.start()
        await town.wait_for(town.is_settled)
        assert set(town.states().values()) == {"missed"}
        assert town.wahdx.calls == 0
        assert len(await town.results()) == 1

    await in_towns(tmp_path, approved, WHILE_MISSED, live)
