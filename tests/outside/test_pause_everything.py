"""`python -m bot pause` and `resume`: the operator's, also while the bot runs."""

from pathlib import Path
from subprocess import CompletedProcess

import pytest
from filelock import FileLock, Timeout

from bot.domain.pause import OPERATOR, Scope
from bot.domain.platform import Platform
from bot.workflow import pause
from bot.workflow.desk import Desk
from tests.factories import SERVER
from tests.life import Life
from tests.scripted import ScriptedService
from tests.wire.commands import ended


@pytest.fixture
def engine() -> str:
    """Only SQLite's file is locked."""
    return "sqlite"


def give(command: str, url: str, folder: Path) -> CompletedProcess[str]:
    """Run a command of the operator."""
    return ended(command, folder, {"DATABASE_URL": url})


async def test_a_bot_that_runs_follows_at_once(
    desk: Desk, service: ScriptedService, database_url: str, tmp_path: Path
) -> None:
    """With the lock held and the database open, the command is taken, and the next tick obeys."""
    life = Life(desk)
    await life.connect()
    post = await life.approved(Platform.THREADS)
    with FileLock(tmp_path / "copydesk.lock"):
        with pytest.raises(Timeout):
            FileLock(tmp_path / "copydesk.lock", timeout=0, is_singleton=False).acquire()
        said = give("pause", database_url, tmp_path)
        assert (said.returncode, said.stdout) == (0, "Everything is paused.\n"), said.stderr
        assert give("pause", database_url, tmp_path).stdout == "Everything was paused already.\n"
        await life.publish()
        assert (await life.delivery(post)).paused
        assert service.submissions == []
        [felt] = await pause.find(desk, SERVER)
        assert (felt.scope, felt.paused_by) == (Scope.EVERYTHING, OPERATOR)

        assert give("resume", database_url, tmp_path).stdout == "Everything is resumed.\n"
        assert give("resume", database_url, tmp_path).stdout == "Everything was resumed already.\n"
        await life.publish()
        assert len(service.submissions) == 1


@pytest.mark.parametrize("command", ["pause", "resume"])
def test_a_database_without_tables_is_said(tmp_path: Path, command: str) -> None:
    """Where nothing ever ran there is nothing to pause: one clear line, no traceback."""
    said = give(command, f"sqlite+aiosqlite:///{tmp_path / 'none.db'}", tmp_path)
    assert (said.returncode, said.stdout) == (1, "")
    assert "python -m bot migrate" in said.stderr
    assert "Traceback" not in said.stderr
